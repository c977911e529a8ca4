package org.spinor.server.provisioning.spools;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.QueueInfo;
import org.spinor.edge.spool.SpoolClient;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.pilots.FakeJobs;
import org.spinor.server.pilots.PilotDriver;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.ProvisioningRoom;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.resources.TestSites;

/** Servers that answer what is in spools, one at a time. */
class SpoolsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final PilotDriver DRIVER = new PilotDriver(DATABASE, new FakeJobs());

  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final Set<InetAddress> callers = ConcurrentHashMap.newKeySet();
  private HttpServer http;

  @BeforeEach
  void open() throws IOException {
    DATABASE
        .jdbc()
        .sql(
            "TRUNCATE pilots.pilot, pilots.live, pilots.log, provisioning.queue, provisioning.spool")
        .update();
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/",
        exchange -> {
          callers.add(exchange.getRemoteAddress().getAddress());
          byte[] text = "alive".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    http.start();
    opened.add(() -> http.stop(0));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @AfterAll
  static void closeAll() {
    DRIVER.close();
    DATABASE.close();
  }

  private Path spool() {
    return folder.resolve("spool");
  }

  private Configuration.Queue queue(String name) {
    return queue(name, spool());
  }

  private static Configuration.Queue queue(String name, Path path) {
    return TestSites.queue(
        "LCG.Closed.org", "hpc", name, "Folders", 1, 2, 10, Map.of("Edge", "ssh://" + path));
  }

  private ProvisioningRoom room(Configuration.Queue... queues) {
    ProvisioningRoom room = new ProvisioningRoom(DATABASE, DRIVER, queues);
    opened.add(room);
    return room;
  }

  /** What one server has to do with spools. */
  private record Spools(SpoolRelays relays, SpoolCare care) {
    Set<String> working() {
      return relays.working();
    }
  }

  private Spools spools(ProvisioningRoom room) {
    SpoolRelays relays =
        new SpoolRelays(
            room.spools.table,
            room.spools.folders,
            () -> Optional.of(URI.create("http://127.0.0.1:" + http.getAddress().getPort())),
            room.server(),
            Duration.ofMillis(500));
    opened.add(relays);
    return new Spools(relays, new SpoolCare(room.spools.table, room.spools.folders, relays));
  }

  private String ask(Path place) throws IOException, InterruptedException {
    try (SpoolClient client = new SpoolClient(place, Duration.ofSeconds(120))) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://edge/api/health/live")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static String worker(ProvisioningRoom room) {
    return room.spools.table.all().values().stream()
        .map(row -> row.served() ? row.worker() : "")
        .findFirst()
        .orElse("");
  }

  private static QueueInfo info(ProvisioningRoom room) {
    return room.board().getFirst();
  }

  private static String edge(ProvisioningRoom room) {
    return String.valueOf(info(room).edge());
  }

  @Test
  void queuesWithTheSameFolderShareARelayOfOneServer() throws Exception {
    ProvisioningRoom first = room(queue("long"), queue("short"));
    ProvisioningRoom second = room(queue("long"), queue("short"));
    Spools firsts = spools(first);
    Spools seconds = spools(second);
    firsts.care().run("");
    seconds.care().run("");
    first.await(() -> edge(first).contains(": up since "));
    assertThat(ask(spool())).isEqualTo("alive");
    assertThat(first.spools.table.all()).hasSize(1);
    first.await(() -> firsts.working().size() + seconds.working().size() == 1);
    String winner = firsts.working().isEmpty() ? second.server() : first.server();
    assertThat(worker(second)).isEqualTo(winner);
    assertThat(edge(second)).isEqualTo(edge(first)).contains("by server " + winner);
  }

  @Test
  void eachSpoolCallsFromAnAddressOfItsOwn() throws Exception {
    Path other = folder.resolve("other");
    ProvisioningRoom room = room(queue("long"), queue("short", other));
    spools(room).care().run("");
    room.await(
        () -> room.spools.table.all().values().stream().filter(SpoolRow::isOpen).count() == 2);
    ask(spool());
    ask(other);
    assertThat(callers).hasSize(2).allMatch(InetAddress::isLoopbackAddress);
    assertThat(callers).doesNotContain(InetAddress.getLoopbackAddress());
  }

  @Test
  void anotherServerTakesOverWhenTheLeaseHasRunOut() throws Exception {
    ProvisioningRoom room = room(queue("long"));
    Spools spools = spools(room);
    spools.care().run("");
    room.await(() -> edge(room).contains(": up since "));
    age("worker = 'dead', worker_until = now() + interval '1 hour'");
    room.await(() -> spools.working().isEmpty());
    spools.care().run("");
    room.await(() -> spools.working().isEmpty());
    assertThat(worker(room)).isEqualTo("dead");
    age("worker_until = now() - interval '1 second'");
    assertThat(edge(room)).endsWith("no server looks at it: dead did last");
    spools.care().run("");
    room.await(() -> edge(room).contains(": up since "));
    assertThat(worker(room)).isEqualTo(room.server());
    assertThat(ask(spool())).isEqualTo("alive");
  }

  @Test
  void pilotsAreUnheardUntilTheirSpoolHasBeenAnsweredForAWhile() {
    ProvisioningRoom room = room(queue("long"));
    Spools spools = spools(room);
    Pilots.Queue queue = Elements.key(queue("long"));
    assertThat(room.spools.board.unheard()).as("nobody looks at it").containsExactly(queue);
    spools.care().run("");
    room.await(() -> edge(room).contains(": up since "));
    assertThat(room.spools.board.unheard()).as("only just").containsExactly(queue);
    spools.relays().close();
    room.await(() -> spools.working().isEmpty());
    age("worker_until = now() + interval '1 hour', since = now() - interval '2 minutes'");
    assertThat(room.spools.board.unheard()).isEmpty();
    age("worker_until = now() + interval '1 second'");
    assertThat(room.spools.board.unheard()).as("not renewed in time").containsExactly(queue);
    age("worker_until = now() + interval '1 hour', state = 'away'");
    assertThat(room.spools.board.unheard()).as("away").containsExactly(queue);
    room.configure(queue("long", Path.of("/has a/blank")));
    assertThat(room.spools.board.unheard()).as("cannot be opened").containsExactly(queue);
    room.configure(TestSites.queue("LCG.Open.org", "ce", "long", "Folders", 1, 2, 10, Map.of()));
    assertThat(room.spools.board.unheard()).as("queues without a spool are heard").isEmpty();
  }

  @Test
  void aQueueThatGoesTakesItsSpoolAlong() {
    ProvisioningRoom room = room(queue("long"));
    Spools spools = spools(room);
    spools.care().run("");
    room.await(() -> edge(room).contains(": up since "));
    room.configure(TestSites.queue("LCG.Open.org", "ce", "long", "Folders", 1, 2, 10, Map.of()));
    spools.care().run("");
    room.await(() -> spools.working().isEmpty());
    assertThat(room.spools.table.all()).isEmpty();
    assertThat(info(room).edge()).isNull();
  }

  @Test
  void whileTheSpoolCannotBeUsedNoPilotIsSent() throws Exception {
    Files.createDirectory(
        spool(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    ProvisioningRoom room = room(queue("long"));
    Spools spools = spools(room);
    room.demand(5, queue("long"));
    room.cycles(2);
    assertThat(edge(room)).endsWith("no server looks at it yet");
    assertThat(info(room).breaker()).isEqualTo("closed");
    spools.care().run("");
    room.await(() -> edge(room).contains(": away since "));
    assertThat(edge(room)).endsWith("chmod 700 " + spool());
    room.cycles(4);
    assertThat(info(room).breaker()).isEqualTo("open");
    assertThat(info(room).lastError()).startsWith("pilots could not call: the spool is away");
    assertThat(info(room).shares().getFirst().unsent()).isEqualTo(2);
    Files.setPosixFilePermissions(spool(), PosixFilePermissions.fromString("rwx------"));
    room.await(() -> edge(room).contains(": up since "));
    DATABASE.jdbc().sql("UPDATE provisioning.queue SET retry_at = now()").update();
    room.cycles(3);
    assertThat(info(room).shares().getFirst().unsent()).isZero();
  }

  private static void age(String change) {
    DATABASE.jdbc().sql("UPDATE provisioning.spool SET " + change).update();
  }
}
