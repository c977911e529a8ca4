package org.spinor.plugins.computing.batch.ssh;

import java.io.IOException;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.jspecify.annotations.Nullable;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.PluginException;
import org.spinor.spi.TemporaryException;

/**
 * One connection, made when first needed and again when it broke. Used by several threads at once,
 * each on a channel of its own.
 */
final class SshConnection {
  /** OpenSSH allows ten sessions in a connection; one is for files, one for whoever looks. */
  private static final int CHANNELS = 8;

  /** A host that has just refused us is left alone: some lock accounts that knock too often. */
  private static final Duration REST = Duration.ofSeconds(20);

  private final List<Target> route;
  private final Login login;
  private final HostKeys keys;
  private final Credentials credentials;
  private final SshClient client;
  private final Semaphore channels = new Semaphore(CHANNELS, true);
  private final SftpChannel files = new SftpChannel(this);
  private final ReentrantLock connecting = new ReentrantLock(true);
  private final List<ClientSession> hops = new ArrayList<>();
  private volatile @Nullable ClientSession session;
  private @Nullable PluginException refusal;
  private long refusedUntil;

  SshConnection(
      List<Target> route, Login login, HostKeys keys, Credentials credentials, SshClient client) {
    this.route = List.copyOf(route);
    this.login = login;
    this.keys = keys;
    this.credentials = credentials;
    this.client = client;
  }

  /** Work on a channel of an open session. */
  interface Work<T> {
    T on(ClientSession session) throws IOException;
  }

  Target target() {
    return route.getLast();
  }

  /** Does some work when there is a channel for it, and connects first where that is needed. */
  <T> T with(Duration limit, Work<T> work) {
    long end = System.nanoTime() + limit.toNanos();
    try {
      if (!channels.tryAcquire(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TemporaryException(target() + ": too much is going on there");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      return work.on(session(end));
    } catch (IOException e) {
      throw new TemporaryException("SSH to " + target() + ": " + words(e), e);
    } finally {
      channels.release();
    }
  }

  /** The one channel for files that are used all the time; it takes none from the others. */
  SftpChannel files() {
    return files;
  }

  /**
   * An open session, connected first where that is needed.
   *
   * @throws IOException the host cannot be reached
   * @throws PluginException it refuses us, or takes too long
   */
  ClientSession session(Duration limit) throws IOException {
    return session(System.nanoTime() + limit.toNanos());
  }

  private ClientSession session(long end) throws IOException {
    ClientSession current = session;
    if (current != null && current.isOpen()) {
      return current;
    }
    try {
      if (!connecting.tryLock(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        throw new TemporaryException(target() + " cannot be reached in time");
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    try {
      current = session;
      if (current != null && current.isOpen()) {
        return current;
      }
      if (refusal != null && System.nanoTime() - refusedUntil < 0) {
        throw refusal;
      }
      drop();
      ClientSession fresh = connect(end);
      session = fresh;
      refusal = null;
      return fresh;
    } catch (MisconfiguredException e) {
      refusal = e;
      refusedUntil = System.nanoTime() + REST.toNanos();
      throw e;
    } finally {
      connecting.unlock();
    }
  }

  private ClientSession connect(long end) throws IOException {
    ClientSession last = null;
    for (Target next : route) {
      String address = next.host();
      int port = next.port();
      if (last != null) {
        hops.add(last);
        // Only this process knows of the port, and who answers behind it shows its host key.
        SshdSocketAddress here =
            last.startLocalPortForwarding(
                new SshdSocketAddress("127.0.0.1", 0), new SshdSocketAddress(address, port));
        address = here.getHostName();
        port = here.getPort();
      }
      last = open(next, address, port, end);
    }
    if (last == null) {
      throw new IllegalStateException("a route has a target");
    }
    return last;
  }

  private ClientSession open(Target target, String address, int port, long end) throws IOException {
    SshConnections.Peer peer = new SshConnections.Peer(target, keys, new AtomicReference<>());
    AttributeRepository context = AttributeRepository.ofKeyValuePair(SshConnections.PEER, peer);
    ClientSession fresh =
        client
            .connect(target.user(), address, port, context, null)
            .verify(left(end, target))
            .getSession();
    boolean done = false;
    try {
      login.equip(fresh, credentials);
      fresh.auth().verify(left(end, target));
      done = true;
      return fresh;
    } catch (IOException e) {
      MisconfiguredException refused = peer.refusal().get();
      if (refused != null) {
        throw refused;
      }
      if (String.valueOf(e.getMessage()).contains("No more authentication methods")) {
        throw new MisconfiguredException(
            target + " does not let us in: is the public key in its authorized_keys?", e);
      }
      throw e;
    } finally {
      if (!done) {
        fresh.close(true);
      }
    }
  }

  /** The verdict is kept: whoever waits for the login wants to know why. */
  static boolean verify(ClientSession session, SocketAddress address, PublicKey key) {
    SshConnections.Peer peer =
        session.getConnectionContext() == null
            ? null
            : session.getConnectionContext().getAttribute(SshConnections.PEER);
    if (peer == null) {
      return false;
    }
    try {
      peer.keys().check(peer.target(), key);
      return true;
    } catch (MisconfiguredException e) {
      peer.refusal().set(e);
      return false;
    }
  }

  private static Duration left(long end, Target target) {
    long left = end - System.nanoTime();
    if (left <= 0) {
      throw new TemporaryException(target + " cannot be reached in time");
    }
    return Duration.ofNanos(left);
  }

  private static TemporaryException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new TemporaryException("interrupted", e);
  }

  static String words(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private void drop() {
    ClientSession old = session;
    if (old != null) {
      old.close(true);
    }
    session = null;
    hops.forEach(hop -> hop.close(true));
    hops.clear();
  }

  void close() {
    files.close();
    connecting.lock();
    try {
      drop();
    } finally {
      connecting.unlock();
    }
  }
}
