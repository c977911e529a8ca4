package org.spinor.plugins.computing.batch.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.spinor.plugins.computing.batch.system.BatchCommand;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;

/** This host. Commands see little of the server's environment. */
public final class LocalHost implements Host {
  private static final int MOST_OUTPUT = 64 * 1024 * 1024;
  private static final Executor THREADS = task -> Thread.ofVirtual().name("batch-io").start(task);

  private final Path home;
  private final List<String> passed;

  /**
   * @param home below which files are kept
   * @param passed variables of the server's environment that commands see, besides the usual ones
   */
  public LocalHost(Path home, List<String> passed) {
    this.home = home;
    this.passed = List.copyOf(passed);
  }

  @Override
  public String title() {
    return "this host";
  }

  @Override
  public String home() {
    try {
      return Files.createDirectories(home).toRealPath().toString();
    } catch (IOException e) {
      throw new MisconfiguredException("cannot make the folder " + home + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Answer run(BatchCommand command, Duration limit) {
    Process process = start(command);
    try {
      CompletableFuture<String> output = read(process.getInputStream());
      CompletableFuture<String> complaint = read(process.getErrorStream());
      write(process.getOutputStream(), command.input());
      long millis = Math.max(1, limit.toMillis());
      if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
        throw new TemporaryException(
            command.program() + " does not answer within " + limit.toSeconds() + " s");
      }
      // A child that was left behind may hold the pipes open: what it says is of no interest.
      return new Answer(
          process.exitValue(),
          output.get(millis, TimeUnit.MILLISECONDS),
          complaint.get(millis, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TemporaryException(command.program() + ": interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new TemporaryException("cannot read what " + command.program() + " says", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start(BatchCommand command) {
    ProcessBuilder builder = new ProcessBuilder(command.arguments());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> !isPassed(name));
    environment.putIfAbsent("PATH", "/usr/local/bin:/usr/bin:/bin");
    environment.put("LC_ALL", "C");
    try {
      return builder.start();
    } catch (IOException e) {
      throw new MisconfiguredException(
          "cannot run "
              + command.program()
              + ": is it installed? (BatchFolder says where) "
              + e.getMessage(),
          e);
    }
  }

  private boolean isPassed(String name) {
    return switch (name) {
      case "PATH", "HOME", "USER", "LOGNAME", "TZ", "LD_LIBRARY_PATH" -> true;
      default -> passed.contains(name);
    };
  }

  private static CompletableFuture<String> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
              if (bytes.size() + n > MOST_OUTPUT) {
                throw new UncheckedIOException(new IOException("an endless answer"));
              }
              bytes.write(buffer, 0, n);
            }
            return bytes.toString(StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        THREADS);
  }

  private static void write(OutputStream stream, String input) {
    THREADS.execute(
        () -> {
          try (stream) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
          } catch (IOException e) {
            // It ended without reading all; its exit code says what that means.
          }
        });
  }

  @Override
  public void put(String path, byte[] content, Duration limit) {
    try {
      Path file =
          Files.createFile(
              Path.of(path),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, content);
    } catch (IOException e) {
      throw new TemporaryException("cannot write " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Tail tail(String path, int maxBytes, Duration limit) {
    try (SeekableByteChannel file =
        Files.newByteChannel(Path.of(path), Set.of(StandardOpenOption.READ))) {
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
      return Tail.NOTHING;
    } catch (IOException e) {
      throw new TemporaryException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    // nothing is held
  }
}
