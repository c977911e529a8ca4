package org.spinor.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.api.ErrorCode;
import org.spinor.api.JobId;
import org.spinor.api.SandboxDownload;
import org.spinor.api.SandboxInfo;
import org.spinor.api.SandboxUpload;
import org.spinor.api.SpinorException;
import tools.jackson.databind.JsonNode;

/** The calls about sandboxes: small files that go with a job and come back from it. */
public final class Sandboxes {
  /** The most that a sandbox may weigh, packed. */
  public static final long MAX_SIZE = 104_857_600;

  private static final Pattern CHECKSUM = Pattern.compile("sha256:([0-9a-f]{64})\\.");

  private final Transport transport;

  Sandboxes(Transport transport) {
    this.transport = transport;
  }

  /**
   * Packs files and folders and sends them, unless the server has the very same sandbox already.
   *
   * @return the name to put into the JDL's InputSandbox
   */
  public String create(List<Path> paths) throws IOException {
    Path archive = Files.createTempFile("sandbox", "." + SandboxArchive.FORMAT);
    try {
      MessageDigest digest = sha256();
      try (OutputStream out = new DigestOutputStream(Files.newOutputStream(archive), digest)) {
        SandboxArchive.pack(paths, out);
      } catch (IOException e) {
        throw SandboxArchive.readable(e);
      }
      long size = Files.size(archive);
      if (size > MAX_SIZE) {
        throw new SpinorException(
            ErrorCode.TOO_LARGE,
            "the input sandbox is "
                + size / 1_000_000
                + " MB packed; at most "
                + MAX_SIZE / 1_000_000
                + " MB are allowed: put large files into a storage element and name them in"
                + " InputData");
      }
      String checksum = HexFormat.of().formatHex(digest.digest());
      return upload(archive, new SandboxInfo("sha256", checksum, size, SandboxArchive.FORMAT));
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  private String upload(Path archive, SandboxInfo info) throws IOException {
    SandboxUpload upload =
        Json.read(transport.json("POST", "/api/jobs/sandbox", info).body(), SandboxUpload.class);
    String url = upload.url();
    if (url != null) {
      String boundary = "spinor-" + UUID.randomUUID();
      HttpRequest request =
          address(url)
              .header("Content-Type", "multipart/form-data; boundary=" + boundary)
              .POST(multipart(boundary, upload.fields(), archive))
              .build();
      HttpResponse<String> answer = exchange(request, BodyHandlers.ofString());
      if (answer.statusCode() >= 300) {
        throw Transport.problem(answer.statusCode(), answer.body());
      }
    }
    return upload.pfn();
  }

  /** With whoever has the bytes: the server, or a store that it sent us to. */
  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException {
    try {
      return transport.exchange(request, handler);
    } catch (ServerUnreachableException e) {
      if (e.server().getRawAuthority().equals(transport.server().getRawAuthority())) {
        throw e;
      }
      throw new IOException(
          "no answer from the store of sandboxes at " + e.server() + "; try again in a moment", e);
    }
  }

  private static BodyPublisher multipart(String boundary, Map<String, String> fields, Path file)
      throws IOException {
    StringBuilder head = new StringBuilder();
    fields.forEach(
        (name, value) ->
            head.append("--")
                .append(boundary)
                .append("\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
    head.append("--")
        .append(boundary)
        .append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n")
        .append("Content-Type: application/octet-stream\r\n\r\n");
    return BodyPublishers.concat(
        BodyPublishers.ofString(head.toString()),
        BodyPublishers.ofFile(file),
        BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
  }

  /**
   * Fetches a sandbox, checks it against the checksum in its name and unpacks it.
   *
   * @throws IOException it cannot be written, is damaged, or has paths that lead out of the folder
   */
  public SandboxArchive.Unpacked download(String pfn, Path folder) throws IOException {
    String query = URLEncoder.encode(pfn, StandardCharsets.UTF_8);
    SandboxDownload download =
        Json.read(
            transport.json("GET", "/api/jobs/sandbox?pfn=" + query, null).body(),
            SandboxDownload.class);
    Files.createDirectories(folder);
    Path archive = Files.createTempFile(folder, ".sandbox", ".part");
    try {
      HttpResponse<InputStream> answer =
          exchange(address(download.url()).GET().build(), BodyHandlers.ofInputStream());
      MessageDigest digest = sha256();
      try (InputStream body = answer.body()) {
        if (answer.statusCode() != 200) {
          String text = new String(body.readNBytes(2000), StandardCharsets.UTF_8);
          throw Transport.problem(answer.statusCode(), text);
        }
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(archive), digest)) {
          body.transferTo(out);
        }
      }
      Matcher name = CHECKSUM.matcher(pfn);
      String got = HexFormat.of().formatHex(digest.digest());
      if (name.find() && !name.group(1).equals(got)) {
        throw new IOException("the sandbox " + pfn + " came with the checksum " + got);
      }
      try (InputStream in = Files.newInputStream(archive)) {
        return SandboxArchive.unpack(in, folder);
      }
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  /** The sandboxes of a job. */
  public JobSandboxes of(JobId id) {
    JsonNode tree = Json.tree(transport.json("GET", "/api/jobs/" + id + "/sandbox", null).body());
    return new JobSandboxes(names(tree.path("Input")), names(tree.path("Output")));
  }

  private static List<String> names(JsonNode list) {
    return list.valueStream().filter(JsonNode::isString).map(JsonNode::stringValue).toList();
  }

  /** The address of a store: it may be the server or not, so the token does not go there. */
  private HttpRequest.Builder address(String url) {
    URI absolute = transport.server().resolve(url);
    return HttpRequest.newBuilder(absolute).timeout(SpinorClient.TIMEOUT);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException("this Java has no SHA-256", e));
    }
  }

  /** The names of a job's sandboxes, by direction. */
  public record JobSandboxes(List<String> input, List<String> output) {
    public JobSandboxes {
      input = List.copyOf(input);
      output = List.copyOf(output);
    }
  }
}
