package org.spinor.pilot.fake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.spinor.api.ErrorCode;
import org.spinor.api.SandboxDownload;
import org.spinor.api.SandboxInfo;
import org.spinor.api.SandboxUpload;
import org.spinor.api.SpinorException;

/** A store of sandboxes. */
public final class FakeSandboxes {
  private final FakeServer server;
  private final Map<String, byte[]> stored = new HashMap<>();
  private final Map<String, SandboxInfo> announced = new HashMap<>();
  private int damaged;
  private int refused;

  FakeSandboxes(FakeServer server) {
    this.server = server;
  }

  /** Stores an archive with these files (text by name) and returns its name. */
  public String store(Map<String, String> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(gzip, "UTF-8")) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return store(bytes.toByteArray());
  }

  /** Stores any bytes. */
  public synchronized String store(byte[] bytes) {
    String pfn = name(sha256(bytes), "tar.bz2");
    stored.put(pfn, bytes);
    return pfn;
  }

  public synchronized boolean has(String pfn) {
    return stored.containsKey(pfn);
  }

  public synchronized byte[] bytes(String pfn) {
    byte[] bytes = stored.get(pfn);
    if (bytes == null) {
      throw new SpinorException(ErrorCode.NOT_FOUND, "no sandbox " + pfn);
    }
    return bytes;
  }

  /** So many of the next downloads arrive damaged. */
  public synchronized void damageDownloads(int count) {
    damaged = count;
  }

  /** So many of the next downloads are refused, with more words than most sandboxes have bytes. */
  public synchronized void refuseDownloads(int count) {
    refused = count;
  }

  synchronized Answer answer(Request request) {
    String route = request.method() + " " + request.path();
    return switch (route) {
      case "GET /api/jobs/sandbox" -> {
        request.token();
        String pfn = request.query("pfn");
        if (!has(pfn)) {
          throw new SpinorException(
              ErrorCode.INVALID_REQUEST, "Sandbox with " + pfn + " and SandboxSE not found");
        }
        yield Answer.json(
            new SandboxDownload(
                server.uri() + "/api/jobs/sandbox/file?pfn=" + pfn.replace("|", "%7C"), 300));
      }
      case "GET /api/jobs/sandbox/file" -> {
        if (!request.header("Authorization").isEmpty()) {
          throw new SpinorException(ErrorCode.INVALID_REQUEST, "a token went to the store");
        }
        if (refused > 0) {
          refused--;
          yield Answer.problem(ErrorCode.EXTERNAL, "not now, ".repeat(10_000));
        }
        byte[] bytes = bytes(request.query("pfn")).clone();
        if (damaged > 0) {
          damaged--;
          bytes[bytes.length / 2] ^= 1;
        }
        yield Answer.bytes(bytes);
      }
      case "POST /api/jobs/sandbox" -> announce(request);
      case "POST /api/jobs/sandbox/upload" -> upload(request);
      default -> throw new SpinorException(ErrorCode.NOT_FOUND, "no route " + route);
    };
  }

  private Answer announce(Request request) {
    request.token();
    SandboxInfo info = request.as(SandboxInfo.class);
    String pfn = name(info.checksum(), info.format());
    if (has(pfn)) {
      return Answer.json(new SandboxUpload(pfn, null, Map.of()));
    }
    announced.put(pfn, info);
    return Answer.json(
        new SandboxUpload(
            pfn, server.uri() + "/api/jobs/sandbox/upload", Map.of("key", pfn, "policy", "p")));
  }

  private Answer upload(Request request) {
    String boundary = "--" + request.header("Content-Type").replaceFirst(".*boundary=", "");
    String text = new String(request.body(), StandardCharsets.ISO_8859_1);
    Map<String, String> parts = new HashMap<>();
    String last = "";
    for (String part : text.split(java.util.regex.Pattern.quote(boundary))) {
      int end = part.indexOf("\r\n\r\n");
      if (end > 0) {
        last = part.substring(0, end).replaceFirst("(?s).*; name=\"([^\"]*)\".*", "$1");
        parts.put(last, part.substring(end + 4, part.length() - 2));
      }
    }
    if (!last.equals("file") || request.header("Content-Length").isEmpty()) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST, "the file must come last, with a length");
    }
    byte[] bytes = parts.getOrDefault("file", "").getBytes(StandardCharsets.ISO_8859_1);
    SandboxInfo info = announced.get(parts.getOrDefault("key", ""));
    if (info == null || info.size() != bytes.length || !info.checksum().equals(sha256(bytes))) {
      throw new SpinorException(ErrorCode.INVALID_REQUEST, "not what was announced");
    }
    stored.put(parts.getOrDefault("key", ""), bytes);
    return Answer.nothing();
  }

  private static String name(String checksum, String format) {
    return "SB:SandboxSE|/S3/bucket/vo/vo_user/user/sha256:" + checksum + "." + format;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
