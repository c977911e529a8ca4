package org.spinor.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/**
 * One server a data folder. The lock is the system's, so it ends with its process, however that
 * ends; the process id inside is for people.
 */
final class DataFolderLock implements AutoCloseable {
  private final FileChannel file;

  private DataFolderLock(FileChannel file) {
    this.file = file;
  }

  /** Makes the folder where it is missing, and takes it. */
  static DataFolderLock take(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel file =
          FileChannel.open(
              folder.resolve("server.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (tryLock(file) == null) {
        String owner = owner(file);
        file.close();
        throw new SpinorException(
            ErrorCode.CONFLICT,
            "the data folder %s is in use by another Spinor server%s: stop that one, or give --data another folder"
                .formatted(folder, owner.isEmpty() ? "" : " (process " + owner + ")"));
      }
      file.truncate(0);
      file.write(
          ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
      return new DataFolderLock(file);
    } catch (FileAlreadyExistsException e) {
      throw unusable(folder, "it is a file, not a folder");
    } catch (AccessDeniedException e) {
      throw unusable(folder, "permission denied for user " + System.getProperty("user.name"));
    } catch (FileSystemException e) {
      throw unusable(folder, e.getReason() == null ? e.toString() : e.getReason());
    } catch (IOException e) {
      throw unusable(folder, e.getMessage());
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String owner(FileChannel file) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(32);
    file.read(text, 0);
    return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
  }

  private static SpinorException unusable(Path folder, @Nullable String reason) {
    return new SpinorException(
        ErrorCode.UNAVAILABLE, "cannot write to the data folder " + folder + ": " + reason);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
