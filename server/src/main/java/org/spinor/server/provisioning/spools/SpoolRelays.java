package org.spinor.server.provisioning.spools;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.edge.SpoolRelay;
import org.spinor.edge.SpoolState;
import org.spinor.spi.PluginException;
import org.spinor.spi.computing.SiteFolder;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * The spools that this server answers now, a thread for each that keeps its lease. One that lost it
 * stops at once; where the database is away it goes on: two that answer the same do no harm.
 */
final class SpoolRelays implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SpoolRelays.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final SpoolTable table;
  private final SpoolFolders folders;
  private final Supplier<Optional<URI>> door;
  private final String server;
  private final Duration renewal;
  private final Map<String, Thread> working = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /**
   * @param door where this server hears itself; empty: not yet
   * @param server its name, for people
   * @param renewal how often leases are renewed
   */
  SpoolRelays(
      SpoolTable table,
      SpoolFolders folders,
      Supplier<Optional<URI>> door,
      String server,
      Duration renewal) {
    this.table = table;
    this.folders = folders;
    this.door = door;
    this.server = server;
    this.renewal = renewal;
  }

  /** Takes a spool, unless some server has it. */
  void start(String place, SpoolFolders.Wanted wanted) {
    Optional<URI> address = door.get();
    if (address.isEmpty() || closing.getCount() == 0) {
      return;
    }
    Thread thread =
        Thread.ofVirtual()
            .name("spool-" + place)
            .unstarted(() -> run(place, wanted, address.get()));
    if (working.putIfAbsent(place, thread) == null) {
      thread.start();
    }
  }

  /** Places that this server looks at, or is about to. */
  Set<String> working() {
    return Set.copyOf(working.keySet());
  }

  private void run(String place, SpoolFolders.Wanted wanted, URI address) {
    try {
      Optional<byte[]> key = table.take(place);
      if (key.isPresent()) {
        serve(place, wanted, address, key.get());
      }
    } catch (RuntimeException e) {
      // Its own spool waits for the next round; no other one notices.
      log.warn("{}: {}", place, e.getMessage());
    } finally {
      working.remove(place);
    }
  }

  private void serve(String place, SpoolFolders.Wanted wanted, URI address, byte[] key) {
    try {
      SiteFolder folder = wanted.open();
      SpoolRelay.Server own = new SpoolRelay.Server(address, self(place), server);
      log.info("{}: this server answers what is in the spool", place);
      try (SpoolRelay relay =
          new SpoolRelay(folder, own, key, line -> log.info("{}: {}", place, line))) {
        hold(place, wanted.fingerprint(), relay);
      }
    } catch (PluginException e) {
      SpoolState wrong = SpoolState.away(String.valueOf(e.getMessage()));
      if (table.renew(place, SpoolRow.State.AWAY, wrong.since(), wrong.why())) {
        pause(renewal); // nobody gains by trying more often
      }
    } finally {
      table.release(place);
    }
  }

  /** Until the lease is lost, the configuration changes, or the server stops. */
  private void hold(String place, String fingerprint, SpoolRelay relay) {
    SpoolState told = SpoolState.beginning();
    long renewed = System.nanoTime();
    while (!pause(LOOK)) {
      SpoolState now = relay.state();
      if (now.equals(told) && System.nanoTime() - renewed < renewal.toNanos()) {
        continue;
      }
      try {
        if (!table.renew(place, state(now), now.since(), now.why())) {
          log.info("{}: another server has the spool, or nobody wants it any more", place);
          return;
        }
        told = now;
        renewed = System.nanoTime();
        SpoolFolders.Wanted wanted = folders.wanted().get(place);
        if (wanted == null || !wanted.fingerprint().equals(fingerprint)) {
          return;
        }
      } catch (DataAccessException | TransactionException e) {
        log.warn("{}: the lease is not renewed: {}", place, e.getMessage());
      }
    }
  }

  private static SpoolRow.State state(SpoolState state) {
    return switch (state.kind()) {
      case BEGINNING -> SpoolRow.State.BEGINNING;
      case UP -> SpoolRow.State.UP;
      case AWAY -> SpoolRow.State.AWAY;
    };
  }

  /** Whether the server stops. */
  private boolean pause(Duration time) {
    try {
      return closing.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /**
   * An address of this host for each spool alone, so that wrong secrets in one lock nobody out but
   * those who use it too. Only Linux has so many; elsewhere all share one.
   */
  private static InetAddress self(String place) {
    int hash = place.hashCode();
    byte last = (byte) (1 + (hash & 0x7f));
    byte[] address = {127, (byte) (64 | ((hash >> 24) & 0x3f)), (byte) (hash >> 16), last};
    try {
      InetAddress own = InetAddress.getByAddress(address);
      return isOurs(own) ? own : InetAddress.getLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isOurs(InetAddress address) {
    try (ServerSocket probe = new ServerSocket(0, 1, address)) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    closing.countDown();
    for (Thread thread : working.values()) {
      try {
        thread.join(Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
