package org.spinor.plugins.computing.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.spinor.spi.computing.PilotSubmission;

/**
 * The folder of one pilot: everything that is known of it, so that it survives every restart.
 *
 * <pre>
 * place      site, element and queue
 * work/      where the pilot runs: pilot.sh and its files
 * started/   made by the runner that starts the pilot; there is only one
 * pid        process and its start
 * cancelled  its end was ordered
 * exit       how it ended
 * swept      what it left running has been ended
 * stdout, stderr, launch.log
 * </pre>
 *
 * @param path named by the stamp
 */
record PilotFolder(Path path) {
  private static final FileAttribute<?> OWN_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> OWN_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /**
   * Makes the folder whole in one step. Where it is there already, it stays as it is.
   *
   * @param staging where unfinished folders are
   */
  static PilotFolder make(
      Path parent, Path staging, String place, String runner, PilotSubmission submission) {
    PilotFolder folder = new PilotFolder(parent.resolve(submission.stamp()));
    if (folder.exists()) {
      return folder;
    }
    try {
      Files.createDirectories(staging, OWN_FOLDER);
      Path draft =
          Files.createDirectory(
              staging.resolve(submission.stamp() + "-" + UUID.randomUUID()), OWN_FOLDER);
      Path work = Files.createDirectory(draft.resolve("work"), OWN_FOLDER);
      write(draft.resolve("place"), place);
      write(draft.resolve("runner.sh"), runner);
      write(work.resolve("pilot.sh"), submission.script());
      for (PilotSubmission.InputFile file : submission.files()) {
        write(work.resolve(file.name()), file.content());
      }
      settle(draft, folder.path);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folder " + folder.path, e);
    }
  }

  private static void settle(Path draft, Path path) throws IOException {
    try {
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
      Folders.delete(draft);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (FileSystemException e) {
      // Somebody was faster; systems differ in how they say so.
      if (!Files.isDirectory(path)) {
        throw e;
      }
      Folders.delete(draft);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createFile(file, OWN_FILE);
    Files.writeString(file, text);
  }

  String stamp() {
    return path.getFileName().toString();
  }

  boolean exists() {
    return Files.isDirectory(path);
  }

  boolean started() {
    return Files.exists(path.resolve("started"));
  }

  boolean swept() {
    return Files.exists(path.resolve("swept"));
  }

  void setSwept() {
    mark("swept");
  }

  /** When its end was ordered. */
  Optional<Instant> cancelled() {
    return modified("cancelled");
  }

  void setCancelled() {
    if (cancelled().isEmpty()) {
      mark("cancelled");
    }
  }

  /** When it was made. */
  Optional<Instant> made() {
    return modified("place");
  }

  /** When it ended. */
  Optional<Instant> ended() {
    return modified("exit");
  }

  Optional<String> place() {
    return read("place");
  }

  Optional<ProcessIdentity> process() {
    return read("pid").flatMap(ProcessIdentity::parse);
  }

  OptionalInt exitCode() {
    return read("exit")
        .map(String::strip)
        .filter(text -> text.matches("\\d{1,3}"))
        .map(text -> OptionalInt.of(Integer.parseInt(text)))
        .orElseGet(OptionalInt::empty);
  }

  /** The end of a file of the pilot. */
  record Tail(String text, boolean truncated) {}

  Tail tail(String name, int maxBytes) {
    try (SeekableByteChannel file =
        Files.newByteChannel(path.resolve(name), Set.of(StandardOpenOption.READ))) {
      long size = file.size();
      boolean truncated = size > maxBytes;
      file.position(truncated ? size - maxBytes : 0);
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, maxBytes));
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {
        // until it is full or the file ends
      }
      bytes.flip();
      return new Tail(StandardCharsets.UTF_8.decode(bytes).toString(), truncated);
    } catch (NoSuchFileException e) {
      return new Tail("", false);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " of " + path, e);
    }
  }

  private Optional<String> read(String name) {
    try {
      return Optional.of(Files.readString(path.resolve(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " of " + path, e);
    }
  }

  private Optional<Instant> modified(String name) {
    try {
      return Optional.of(Files.getLastModifiedTime(path.resolve(name)).toInstant());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " of " + path, e);
    }
  }

  private void mark(String name) {
    try {
      Files.createFile(path.resolve(name), OWN_FILE);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      // marked already, or purged in the meantime
    } catch (IOException e) {
      throw new UncheckedIOException("cannot mark " + path + " as " + name, e);
    }
  }
}
