package org.spinor.edge;

import java.net.InetAddress;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.spinor.client.Json;
import org.spinor.edge.spool.Spool;
import org.spinor.edge.spool.SpoolFolder;
import org.spinor.spi.computing.SiteFolder;

/**
 * An edge without a host of its own: answers what is in a spool somewhere else, which is reached
 * through a {@link SiteFolder}. While that cannot be reached it tries again with pauses that grow
 * to a minute, and says so. Several may serve one spool for a while: each request is one that the
 * server lets be repeated.
 */
public final class SpoolRelay implements AutoCloseable {
  /** Bytes of a key. */
  public static final int KEY_BYTES = Addresses.KEY_BYTES;

  private final SiteFolder folder;
  private final Outside outside;
  private final Relay relay;
  private final SpoolDesk desk;
  private final String name;
  private final Instant since = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  /**
   * Where the calls go to.
   *
   * @param address the server's base address without a path
   * @param self the address of this host under which the server sees the calls
   * @param name of the server, for people
   */
  public record Server(URI address, InetAddress self, String name) {}

  /**
   * Starts it; touches the folder in the background only.
   *
   * @param folder closed with this
   * @param key of its addresses, {@value #KEY_BYTES} bytes; the same for all that serve this spool
   * @param log what people want to read, a line each
   */
  public SpoolRelay(SiteFolder folder, Server server, byte[] key, Consumer<String> log) {
    this.folder = folder;
    this.name = server.name();
    this.outside = Outside.of(server.address(), server.self());
    this.relay =
        new Relay(outside, new Addresses(key), new StartFiles(outside, folder, Spool.BUNDLES));
    this.desk =
        new SpoolDesk(
            new SpoolFolder(folder),
            new SpoolDesk.Surrounding(relay, this::said, log),
            SpoolDesk.Pace.FAR);
  }

  /** Whether the spool can be used now. */
  public SpoolState state() {
    return desk.state();
  }

  private String said() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("server", name);
    facts.put("since", since.toString());
    facts.put("now", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    facts.put("outside", outside.state());
    relay.count(facts, desk.waiting());
    return Json.write(facts);
  }

  @Override
  public void close() {
    desk.close();
    outside.close();
    folder.close();
  }
}
