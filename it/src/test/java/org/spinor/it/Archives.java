package org.spinor.it;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import tools.jackson.databind.JsonNode;

/** Sandboxes made by hand, harmful ones too, sent and fetched as DiracX's own client would. */
final class Archives {
  private Archives() {}

  static byte[] tarBz2(String name, byte[] content) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    return archive(entry, content);
  }

  static byte[] tarBz2Link(String name, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    return archive(entry, new byte[0]);
  }

  private static byte[] archive(TarArchiveEntry entry, byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new BZip2CompressorOutputStream(bytes), "UTF-8")) {
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static String upload(Api user, byte[] archive) {
    JsonNode place = announce(user, archive);
    String pfn = place.path("pfn").asString();
    if (place.path("url").isNull()) {
      return pfn;
    }
    Map<String, String> fields = new HashMap<>();
    place.path("fields").properties().forEach(f -> fields.put(f.getKey(), f.getValue().asString()));
    HttpResponse<String> answer = send(user, place.path("url").asString(), fields, archive);
    if (answer.statusCode() / 100 != 2) {
      throw new AssertionError("upload -> " + answer.statusCode() + " " + answer.body());
    }
    return pfn;
  }

  /** The answer that says where an archive goes. */
  static JsonNode announce(Api user, byte[] archive) {
    return user.ok("POST", "/api/jobs/sandbox", info(archive));
  }

  /** What an announcement says. */
  static Map<String, Object> info(byte[] archive) {
    return Map.of(
        "checksum_algorithm",
        "sha256",
        "checksum",
        sha256(archive),
        "size",
        archive.length,
        "format",
        "tar.bz2");
  }

  static HttpResponse<String> send(
      Api user, String url, Map<String, String> fields, byte[] archive) {
    return user.transport()
        .exchange(multipart(url, fields, archive), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest multipart(String url, Map<String, String> fields, byte[] archive) {
    String boundary = "spinor-boundary-0123456789";
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    fields.forEach(
        (name, value) ->
            body.writeBytes(
                ("--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                        .formatted(boundary, name, value))
                    .getBytes(StandardCharsets.UTF_8)));
    body.writeBytes(
        ("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                .formatted(boundary))
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(archive);
    body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
        .build();
  }

  /** The request that asks where a sandbox is. */
  static String question(String pfn) {
    return "/api/jobs/sandbox?pfn=" + URLEncoder.encode(pfn, StandardCharsets.UTF_8);
  }

  /** Its answer. */
  static URI locate(Api user, String pfn) {
    return URI.create(user.ok("GET", question(pfn), null).path("url").asString());
  }

  /** The content of a file of a sandbox. */
  static byte[] contentOf(Api user, String pfn, String name) {
    HttpRequest request = HttpRequest.newBuilder(locate(user, pfn)).build();
    byte[] archive =
        user.transport().exchange(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(plain(archive), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().equals(name)) {
          return tar.readAllBytes();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError(name + " is not in " + pfn);
  }

  /** The names in a sandbox fetched through its presigned address. */
  static List<String> namesIn(Api user, String pfn) {
    HttpResponse<byte[]> answer =
        user.transport()
            .exchange(
                HttpRequest.newBuilder(locate(user, pfn)).GET().build(),
                HttpResponse.BodyHandlers.ofByteArray());
    List<String> names = new ArrayList<>();
    try (InputStream plain = plain(answer.body());
        TarArchiveInputStream tar = new TarArchiveInputStream(plain, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        names.add(entry.getName());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return names;
  }

  private static InputStream plain(byte[] archive) throws IOException {
    return new CompressorStreamFactory()
        .createCompressorInputStream(new ByteArrayInputStream(archive));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
