package org.spinor.plugins.computing.batch.ssh;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.system.BatchCommand;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;

/** A host behind SSH. Its login shell must be one of the POSIX family. */
final class SshHost implements Host {
  private static final int MOST_OUTPUT = 64 * 1024 * 1024;
  private static final int PIECE = 32 * 1024;

  private final SshConnections connections;
  private final SshConnection connection;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param connection taken from these connections for this host alone
   */
  SshHost(SshConnections connections, SshConnection connection) {
    this.connections = connections;
    this.connection = connection;
  }

  @Override
  public String title() {
    return connection.target().toString();
  }

  @Override
  public String home() {
    Answer answer = run(BatchCommand.of("pwd"), Duration.ofSeconds(30));
    // Login scripts may say things of their own before.
    List<String> paths =
        answer.output().lines().map(String::strip).filter(line -> line.startsWith("/")).toList();
    if (paths.isEmpty()) {
      throw new MisconfiguredException(
          "the home folder on " + title() + " is not told: " + answer.words());
    }
    return paths.getLast();
  }

  @Override
  public Answer run(BatchCommand command, Duration limit) {
    return connection.with(limit, session -> run(session, command, limit));
  }

  private static Answer run(ClientSession session, BatchCommand command, Duration limit)
      throws IOException {
    Collected output = new Collected();
    Collected complaint = new Collected();
    // The protocol has no lists of arguments: this is the one line for a shell that there is.
    try (ChannelExec channel = session.createExecChannel("env LC_ALL=C " + command.line())) {
      channel.setIn(new ByteArrayInputStream(command.input().getBytes(StandardCharsets.UTF_8)));
      channel.setOut(output);
      channel.setErr(complaint);
      channel.open().verify(limit);
      Set<ClientChannelEvent> events = await(channel, limit);
      if (events.contains(ClientChannelEvent.TIMEOUT)) {
        channel.close(true);
        throw new TemporaryException(
            command.program() + " does not answer within " + limit.toSeconds() + " s");
      }
      Integer code = channel.getExitStatus();
      if (code == null) {
        throw new TemporaryException(
            command.program()
                + " was cut off"
                + (channel.getExitSignal() == null ? "" : " by signal " + channel.getExitSignal()));
      }
      return new Answer(code, output.text(), complaint.text());
    }
  }

  private static Set<ClientChannelEvent> await(ChannelExec channel, Duration limit) {
    try {
      return channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), limit.toMillis());
    } catch (RuntimeException e) {
      // An interrupt comes out of there in a wrapping.
      Thread.currentThread().interrupt();
      throw new TemporaryException("interrupted", e);
    }
  }

  /** Keeps what is written, up to a limit. */
  private static final class Collected extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      if (size() + length > MOST_OUTPUT) {
        throw new IllegalStateException("an endless answer");
      }
      super.write(bytes, from, length);
    }

    String text() {
      return toString(StandardCharsets.UTF_8);
    }
  }

  @Override
  public void put(String path, byte[] content, Duration limit) {
    timed(
        "writing " + path,
        limit,
        sftp -> {
          try (SftpClient.CloseableHandle file =
              sftp.open(
                  path,
                  SftpClient.OpenMode.Create,
                  SftpClient.OpenMode.Exclusive,
                  SftpClient.OpenMode.Write)) {
            for (int at = 0; at < content.length; at += PIECE) {
              sftp.write(file, at, content, at, Math.min(PIECE, content.length - at));
            }
          }
          return true;
        });
  }

  @Override
  public Tail tail(String path, int maxBytes, Duration limit) {
    return timed("reading " + path, limit, sftp -> tail(sftp, path, maxBytes));
  }

  private static Tail tail(SftpClient sftp, String path, int maxBytes) throws IOException {
    try (SftpClient.CloseableHandle file = sftp.open(path, SftpClient.OpenMode.Read)) {
      long size = sftp.stat(file).getSize();
      long from = Math.max(0, size - maxBytes);
      byte[] bytes = new byte[(int) (size - from)];
      int filled = 0;
      while (filled < bytes.length) {
        int n =
            sftp.read(file, from + filled, bytes, filled, Math.min(PIECE, bytes.length - filled));
        if (n <= 0) {
          break;
        }
        filled += n;
      }
      return new Tail(new String(bytes, 0, filled, StandardCharsets.UTF_8), from > 0);
    } catch (SftpException e) {
      if (e.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE) {
        return Tail.NOTHING;
      }
      throw e;
    }
  }

  private interface FileWork<T> {
    T on(SftpClient sftp) throws IOException;
  }

  /**
   * The library waits for answers as long as it likes: so somebody else does, and is left alone.
   */
  private <T> T timed(String what, Duration limit, FileWork<T> work) {
    return connection.with(
        limit,
        session -> {
          try (SftpClient sftp = SftpClientFactory.instance().createSftpClient(session)) {
            FutureTask<T> task = new FutureTask<>(() -> work.on(sftp));
            Thread.ofVirtual().name("sftp").start(task);
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
          } catch (TimeoutException e) {
            throw new TemporaryException(
                what + " on " + title() + " takes longer than " + limit.toSeconds() + " s", e);
          } catch (ExecutionException e) {
            throw new TemporaryException(what + " on " + title() + ": " + e.getMessage(), e);
          } catch (InterruptedException | InterruptedIOException e) {
            Thread.currentThread().interrupt();
            throw new TemporaryException("interrupted", e);
          }
        });
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      connections.release(connection);
    }
  }
}
