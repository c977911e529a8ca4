package org.spinor.plugins.computing.batch.ssh;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.impl.DefaultSftpClient;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;
import org.spinor.spi.PluginException;

/**
 * One SFTP channel of a connection for all who work with files there all the time, with many
 * requests on their way at once; opened when first needed and again when it broke.
 */
final class SftpChannel {
  /** Each answer wakes all who wait for theirs, so it is not as many as one likes. */
  private static final int AT_ONCE = 64;

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(30);
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  /** How long work waits for its turn; what is before it may be large files. */
  private static final Duration TURN_LIMIT = Duration.ofMinutes(2);

  private final SshConnection connection;
  private final Semaphore places = new Semaphore(AT_ONCE, true);
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable Client open;

  SftpChannel(SshConnection connection) {
    this.connection = connection;
  }

  /** Work with files. */
  interface Work<T> {
    T on(Client client) throws IOException;
  }

  /** A client that does not wait for an answer for ever: a channel without answers is given up. */
  static final class Client extends DefaultSftpClient {
    private Client(ClientSession session) throws IOException {
      super(session, SftpVersionSelector.CURRENT, null);
    }

    @Override
    public Buffer receive(int id) throws IOException {
      Buffer answer = receive(id, ANSWER_LIMIT);
      if (answer == null) {
        getClientChannel().close(true);
        throw new SshException("no answer within " + ANSWER_LIMIT.toSeconds() + " s");
      }
      return answer;
    }
  }

  /**
   * Does some work.
   *
   * @param path what it is about, for the failure
   * @throws NoSuchFileException it is not there
   * @throws IOException anything else, with words for operators
   */
  <T> T with(String path, Work<T> work) throws IOException {
    try {
      if (!places.tryAcquire(TURN_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(connection.target() + ": too much is going on there");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      return work.on(client());
    } catch (IOException e) {
      throw failure(path, e);
    } catch (PluginException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      places.release();
    }
  }

  /** What went wrong, by the names that files of this host have for it. */
  IOException failure(String path, IOException e) {
    if (e instanceof InterruptedIOException) {
      return interrupted(e);
    }
    if (e instanceof SftpException refused) {
      return switch (refused.getStatus()) {
        case SftpConstants.SSH_FX_NO_SUCH_FILE, SftpConstants.SSH_FX_NO_SUCH_PATH ->
            new NoSuchFileException(path);
        case SftpConstants.SSH_FX_PERMISSION_DENIED ->
            new AccessDeniedException(connection.target() + ":" + path, null, "permission denied");
        default ->
            new IOException(
                connection.target() + ":" + path + ": " + SshConnection.words(refused), refused);
      };
    }
    return e instanceof SshException ? broken(e) : e;
  }

  private IOException broken(IOException e) {
    return new IOException("SSH to " + connection.target() + ": " + SshConnection.words(e), e);
  }

  private static IOException interrupted(Exception e) {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("interrupted: " + e.getMessage());
  }

  private Client client() throws IOException {
    Client current = open;
    if (current != null && current.isOpen()) {
      return current;
    }
    try {
      if (!opening.tryLock(CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(connection.target() + " cannot be reached in time");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      current = open;
      if (current == null || !current.isOpen()) {
        current = new Client(connection.session(CONNECT_LIMIT));
        open = current;
      }
      return current;
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw broken(e);
    } finally {
      opening.unlock();
    }
  }

  void close() {
    Client current = open;
    if (current != null) {
      current.getClientChannel().close(true);
    }
  }
}
