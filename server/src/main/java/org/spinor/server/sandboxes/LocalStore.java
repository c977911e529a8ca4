package org.spinor.server.sandboxes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.DataFolder;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Files below the data folder, {@code sandboxes/ab/cd/<sha256>.<format>}. Several servers share the
 * folder. A file that is there is whole and is what its name says.
 */
@Component
final class LocalStore implements SandboxStore {
  static final String ID = "local";

  private static final String UPLOAD = "upload";
  private static final String DOWNLOAD = "download";
  private static final int BUFFER = 64 * 1024;

  private final Path folder;
  private final SignedLinks links;

  LocalStore(DataFolder data, SignedLinks links) {
    this.folder = data.folder("sandboxes");
    this.links = links;
    data.folder("sandboxes/incoming");
  }

  @Override
  public String id() {
    return ID;
  }

  /** The row knows: that a file of this content is there does not say that this owner sent it. */
  @Override
  public boolean has(SandboxName name, boolean received) {
    return received;
  }

  @Override
  public boolean fillsUnseen() {
    return false;
  }

  @Override
  public UploadAddress upload(SandboxName name, Blob blob, URI server) {
    String expires = Long.toString(links.expiry());
    String size = Long.toString(blob.size());
    return new UploadAddress(
        server.resolve("/api/jobs/sandbox/upload").toString(),
        Map.of(
            "pfn",
            name.toString(),
            "size",
            size,
            "expires",
            expires,
            "signature",
            links.sign(List.of(UPLOAD, name.toString(), size, expires))));
  }

  /** What a genuine upload address allows. */
  record Ticket(SandboxName name, Blob blob) {}

  /** Empty: the fields are not those of an address that this store gave, or too old. */
  Optional<Ticket> ticket(Map<String, String> fields) {
    String pfn = fields.getOrDefault("pfn", "");
    String size = fields.getOrDefault("size", "");
    String expires = fields.getOrDefault("expires", "");
    if (!links.isGood(
        List.of(UPLOAD, pfn, size, expires), expires, fields.getOrDefault("signature", ""))) {
      return Optional.empty();
    }
    return SandboxName.parse(pfn)
        .map(
            name ->
                new Ticket(name, new Blob(name.checksum(), name.format(), Long.parseLong(size))));
  }

  @Override
  public String download(SandboxName name, URI server) {
    String expires = Long.toString(links.expiry());
    return UriComponentsBuilder.fromUri(server.resolve("/api/jobs/sandbox/file"))
        .queryParam("pfn", "{pfn}")
        .queryParam("expires", expires)
        .queryParam("signature", links.sign(List.of(DOWNLOAD, name.toString(), expires)))
        .encode()
        .buildAndExpand(name.toString())
        .toUriString();
  }

  /** The file behind a genuine download address. */
  Optional<Path> file(String pfn, String expires, String signature) {
    if (!links.isGood(List.of(DOWNLOAD, pfn, expires), expires, signature)) {
      return Optional.empty();
    }
    return SandboxName.parse(pfn).map(this::path).filter(Files::isRegularFile);
  }

  @Override
  public InputStream open(SandboxName name) throws IOException {
    return Files.newInputStream(path(name));
  }

  /** Bytes that have come and are what they should be, not yet in their place. */
  final class Received implements AutoCloseable {
    private final Path file;
    private final SandboxName name;

    private Received(Path file, SandboxName name) {
      this.file = file;
      this.name = name;
    }

    /** Puts the file into its place, where it appears as a whole. */
    void keep() {
      Path target = path(name);
      try {
        if (!Files.exists(target)) {
          Files.createDirectories(target.getParent());
          Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot keep " + target, e);
      }
    }

    @Override
    public void close() {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Writes bytes as they come and checks them.
   *
   * @throws SpinorException INVALID_REQUEST: another size or another content than announced
   * @throws IOException the sender broke off, or the disk is full
   */
  Received receive(Ticket ticket, InputStream bytes) throws IOException {
    Blob blob = ticket.blob();
    Path file = Files.createTempFile(folder.resolve("incoming"), "sandbox", ".part");
    boolean good = false;
    try {
      MessageDigest digest = sha256();
      long size = copy(bytes, file, digest, blob.size());
      if (size != blob.size()) {
        throw new SpinorException(
            ErrorCode.INVALID_REQUEST,
            "the sandbox has %s bytes, announced were %d"
                .formatted(size > blob.size() ? "more" : Long.toString(size), blob.size()));
      }
      String checksum = HexFormat.of().formatHex(digest.digest());
      if (!checksum.equals(blob.checksum())) {
        throw new SpinorException(
            ErrorCode.INVALID_REQUEST,
            "the sandbox has the checksum " + checksum + ", announced was " + blob.checksum());
      }
      good = true;
      return new Received(file, ticket.name());
    } finally {
      if (!good) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Stops behind the first byte that is too many. */
  private static long copy(InputStream bytes, Path file, MessageDigest digest, long limit)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long size = 0;
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
        size += read;
        if (size > limit) {
          return size;
        }
        digest.update(buffer, 0, read);
        out.write(buffer, 0, read);
      }
    }
    return size;
  }

  @Override
  public Set<SandboxName> delete(Collection<SandboxName> names) {
    for (SandboxName name : names) {
      try {
        Files.deleteIfExists(path(name));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot delete " + path(name), e);
      }
    }
    return Set.of();
  }

  /** Removes what broken uploads left behind. */
  void sweepIncoming(Instant before) {
    try (var files = Files.newDirectoryStream(folder.resolve("incoming"), "*.part")) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path path(SandboxName name) {
    return folder
        .resolve(name.checksum().substring(0, 2))
        .resolve(name.checksum().substring(2, 4))
        .resolve(name.checksum() + "." + name.format());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
