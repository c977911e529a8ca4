package org.spinor.server.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.spinor.api.Offer;
import org.spinor.api.QueueInfo;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.DataFolder;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.OperatorSecrets;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.PilotDriver;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.spools.SpoolBoard;
import org.spinor.server.provisioning.spools.SpoolTable;
import org.spinor.server.resources.SiteStatuses;
import org.spinor.server.resources.Sites;
import org.spinor.server.resources.TestSites;
import org.spinor.server.tasks.Tasks;
import org.spinor.spi.Parameter;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;
import org.spinor.spi.testkit.FakeComputingElement;
import org.spinor.spi.testkit.InMemoryBackEnd;

/** Provisioning as one server has it, with computing elements that obey the test. */
final class ProvisioningRoom implements AutoCloseable {
  private final TestDatabase database;
  private final TestSites configuration;
  private final PilotDriver driver;
  private final Map<Pilots.Queue, InMemoryBackEnd> backEnds;
  private final Map<Pilots.Queue, FakeComputingElement> fakes;
  private final SteppingClock clock = new SteppingClock();
  private final WaitingWork work = new WaitingWork();
  private final QueueThreads threads;
  private final ProvisioningCycle cycle;
  private final Elements elements;
  private final QueueStates states;
  private final PilotPackages packages;
  private final PlanMaker plans;
  private final Places places;
  private final TimedCalls calls;
  private final String server = UUID.randomUUID().toString();
  private final SpoolTable spoolTable;
  private final SpoolFolders spoolFolders;
  private final SpoolBoard spools;
  private final Map<String, String> banned = new HashMap<>();

  /** Some jobs that fit some queues. */
  private static final class WaitingWork implements Demand {
    private long jobs;
    private Set<Pilots.Queue> fits = Set.of();

    synchronized void set(long count, Set<Pilots.Queue> queues) {
      this.jobs = count;
      this.fits = queues;
    }

    @Override
    public synchronized List<Group> servable(List<Offer> offers) {
      BitSet positions = new BitSet();
      for (int i = 0; i < offers.size(); i++) {
        Offer offer = offers.get(i);
        positions.set(i, fits.contains(new Pilots.Queue(offer.site(), offer.ce(), offer.queue())));
      }
      return jobs == 0 || positions.isEmpty()
          ? List.of()
          : List.of(new Group(positions, jobs, jobs));
    }
  }

  private static final class SteppingClock extends Clock {
    private volatile Duration passed = Duration.ZERO;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.now().plus(passed);
    }
  }

  private record FakePlugin(String name, Map<Pilots.Queue, FakeComputingElement> fakes)
      implements ComputingElementPlugin {
    @Override
    public String description() {
      return "Obeys a test.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(Parameter.number("Port", 443, "", "Where it listens."));
    }

    @Override
    public ComputingElement create(ComputingElementContext context) {
      FakeComputingElement fake =
          fakes.get(new Pilots.Queue(context.site(), context.name(), context.queue()));
      if (fake == null) {
        throw new IllegalStateException("no fake for " + context);
      }
      return fake;
    }
  }

  final FakeBroker broker = new FakeBroker();
  final AskingPlugin asking = new AskingPlugin();

  ProvisioningRoom(TestDatabase database, PilotDriver driver, Configuration.Queue... queues) {
    this(database, driver, new HashMap<>(), new HashMap<>(), queues);
  }

  private ProvisioningRoom(
      TestDatabase database,
      PilotDriver driver,
      Map<Pilots.Queue, InMemoryBackEnd> backEnds,
      Map<Pilots.Queue, FakeComputingElement> fakes,
      Configuration.Queue... queues) {
    this.database = database;
    this.backEnds = backEnds;
    this.fakes = fakes;
    this.configuration = new TestSites(queues);
    this.driver = driver;
    for (Configuration.Queue queue : queues) {
      InMemoryBackEnd backEnd =
          backEnds.computeIfAbsent(Elements.key(queue), _ -> new InMemoryBackEnd());
      fakes.computeIfAbsent(Elements.key(queue), _ -> new FakeComputingElement(backEnd));
    }
    ProvisioningProperties properties =
        new ProvisioningProperties(
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            100,
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            Duration.ofSeconds(60),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            5,
            Duration.ofHours(24),
            Duration.ofMinutes(30),
            "",
            "--idle=30s",
            "");
    Plugins plugins =
        new Plugins(
            List.of(
                new FakePlugin("Fake", fakes),
                new FakePlugin("Twice", fakes),
                new FakePlugin("Twice", fakes),
                asking,
                new FolderPlugin()));
    this.elements =
        new Elements(
            plugins,
            broker,
            new OperatorSecrets(Path.of("target", "provisioning-test").toAbsolutePath()),
            new DataFolder(Path.of("target", "provisioning-test").toAbsolutePath()),
            clock,
            properties.callTimeout());
    this.states = new QueueStates(database.jdbc(), server, Duration.ofSeconds(2));
    this.spoolTable = new SpoolTable(database.jdbc(), server, Duration.ofSeconds(2));
    this.packages =
        new PilotPackages(
            () -> Optional.of("echo bootstrap"),
            "http://spinor.example.org:8000",
            properties.pilotOptions(),
            "");
    this.calls = new TimedCalls(properties.callTimeout());
    this.places = new Places(new ConfiguredQueues(), configuration);
    this.spoolFolders = new SpoolFolders(places, elements);
    this.spools = new SpoolBoard(spoolTable, spoolFolders);
    this.plans =
        new PlanMaker(
            places,
            work,
            driver.pilots(),
            new Patience(properties.patience()),
            states.pauses(),
            clock);
    this.threads =
        new QueueThreads(
            new QueueWork(
                driver.pilots(),
                elements,
                packages,
                states,
                spools,
                new QueueWork.Manner(calls, properties)),
            states,
            driver.pilots(),
            properties);
    this.cycle = new ProvisioningCycle(plans, driver.pilots(), states, threads, properties, clock);
  }

  private final class ConfiguredQueues implements Sites {
    @Override
    public List<KnownQueue> queues() {
      return configuration.current().resources().sites().values().stream()
          .flatMap(site -> site.computingElements().values().stream())
          .flatMap(element -> element.queues().values().stream())
          .map(queue -> new KnownQueue(queue, true, ""))
          .toList();
    }

    @Override
    public Optional<Boolean> usable(String site) {
      return Optional.of(true);
    }
  }

  /** What operators see of the queues. */
  List<QueueInfo> board() {
    return new QueueBoard(plans, driver.pilots(), states, bans(), spools).all();
  }

  void ban(Configuration.Queue queue, String reason) {
    banned.put(queue.site(), reason);
  }

  private SiteStatuses bans() {
    return new SiteStatuses() {
      @Override
      public SiteStatus of(String site) {
        return new SiteStatus(
            !banned.containsKey(site),
            banned.getOrDefault(site, ""),
            Optional.empty(),
            Optional.empty());
      }

      @Override
      public SiteStatus decide(String site, boolean active, String reason, String by) {
        throw new UnsupportedOperationException();
      }
    };
  }

  SiteTests tests() {
    return new SiteTests(database.jdbc());
  }

  /** Tests of queues, with the tasks of the test. */
  QueueTester tester(Tasks tasks) {
    SiteTests tests = tests();
    TrialChecks checks =
        new TrialChecks(
            tests,
            configuration,
            bans(),
            states,
            elements,
            packages,
            new EdgeCheck(tests, elements, spools, new TrialChecks.CallTimer(calls, clock)));
    TrialFlight flight =
        new TrialFlight(
            tests,
            driver.trials(),
            driver.pilots(),
            elements,
            packages,
            states,
            new TrialFlight.Means(calls, database.transactions(), clock));
    return new QueueTester(tests, places, checks, flight, tasks, database.transactions(), clock);
  }

  String server() {
    return server;
  }

  SpoolTable spoolTable() {
    return spoolTable;
  }

  SpoolFolders spoolFolders() {
    return spoolFolders;
  }

  PilotDriver driver() {
    return driver;
  }

  /** Another server over the same database and the same elements. */
  ProvisioningRoom anotherServer() {
    Configuration.Queue[] queues =
        new ConfiguredQueues()
            .queues().stream().map(Sites.KnownQueue::queue).toArray(Configuration.Queue[]::new);
    return new ProvisioningRoom(database, driver, backEnds, fakes, queues);
  }

  InMemoryBackEnd backEnd(Configuration.Queue queue) {
    return backEnds.getOrDefault(Elements.key(queue), new InMemoryBackEnd());
  }

  FakeComputingElement fake(Configuration.Queue queue) {
    FakeComputingElement fake = fakes.get(Elements.key(queue));
    assertThat(fake).isNotNull();
    return fake == null ? new FakeComputingElement(new InMemoryBackEnd()) : fake;
  }

  void configure(Configuration.Queue... queues) {
    configuration.change(queues);
  }

  /** So many jobs that fit each of these queues. */
  void demand(long jobs, Configuration.Queue... queues) {
    Set<Pilots.Queue> fits = new HashSet<>();
    for (Configuration.Queue queue : queues) {
      fits.add(Elements.key(queue));
    }
    work.set(jobs, fits);
  }

  /** Some cycles, each with the work on the queues that follows. */
  void cycles(int count) {
    for (int i = 0; i < count; i++) {
      cycle.run("");
      await(() -> threads.working().isEmpty());
    }
  }

  void cycleWithoutWaiting() {
    cycle.run("");
  }

  /** What a server does that is not the one that plans. */
  void workQueuesOnly() {
    Map<Pilots.Queue, QueueState> states =
        new QueueStates(database.jdbc(), "", Duration.ofSeconds(2)).all();
    new ConfiguredQueues()
        .queues()
        .forEach(
            known -> {
              Pilots.Queue key = Elements.key(known.queue());
              threads.start(known.queue(), states.getOrDefault(key, QueueState.fresh(key)));
            });
    await(() -> threads.working().isEmpty());
  }

  void await(BooleanSupplier condition) {
    for (int i = 0; !condition.getAsBoolean(); i++) {
      assertThat(i).as("hundredths of a second").isLessThan(3000);
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  void speak(String stamp, int running) {
    driver.speak(stamp, running);
  }

  boolean opens(String stamp, String secret) {
    return driver.opens(stamp, secret);
  }

  String outputOf(String stamp) {
    return driver.output(stamp);
  }

  List<String> released() {
    return driver.jobs().released();
  }

  /** Lets time pass for the server's clock. */
  void pass(Duration time) {
    clock.passed = clock.passed.plus(time);
  }

  /** Makes everything known of pilots older. */
  void age(Duration time) {
    driver.age(Math.toIntExact(time.toSeconds()));
  }

  /** Makes the pause of a queue shorter. */
  void age(Configuration.Queue queue, Duration time) {
    database
        .jdbc()
        .sql(
            "UPDATE provisioning.queue SET retry_at = retry_at - make_interval(secs => :s) WHERE ce = :ce")
        .param("s", time.toSeconds())
        .param("ce", queue.ce())
        .update();
  }

  /** What a server that is gone held. */
  void leasesRunOut() {
    database
        .jdbc()
        .sql("UPDATE provisioning.queue SET worker_until = now() - interval '1 s'")
        .update();
  }

  String breaker(Configuration.Queue queue) {
    return text("SELECT breaker FROM provisioning.queue WHERE ce = :ce", queue);
  }

  String lastError(Configuration.Queue queue) {
    return text("SELECT coalesce(last_error, '') FROM provisioning.queue WHERE ce = :ce", queue);
  }

  /** Seconds until the queue is tried again. */
  long pause(Configuration.Queue queue) {
    return Long.parseLong(
        text(
            "SELECT coalesce(ceil(extract(epoch FROM retry_at - now())), 0)::bigint::text FROM provisioning.queue WHERE ce = :ce",
            queue));
  }

  private String text(String sql, Configuration.Queue queue) {
    return database.jdbc().sql(sql).param("ce", queue.ce()).query(String.class).single();
  }

  List<String> statuses() {
    return list("SELECT status FROM pilots.pilot");
  }

  List<String> references() {
    return list("SELECT reference FROM pilots.pilot");
  }

  Set<String> stamps() {
    return Set.copyOf(list("SELECT stamp FROM pilots.pilot"));
  }

  /** Whether the pilot has not ended for the server. */
  boolean believesIn(String stamp) {
    return list("SELECT stamp FROM pilots.pilot WHERE status NOT IN ('Done', 'Failed', 'Deleted', 'Aborted')")
        .contains(stamp);
  }

  boolean purged(String stamp) {
    return list("SELECT stamp FROM pilots.pilot WHERE purged").contains(stamp);
  }

  private List<String> list(String sql) {
    return database.jdbc().sql(sql).query((row, number) -> row.getString(1)).list();
  }

  @Override
  public void close() {
    threads.close();
    await(() -> threads.working().isEmpty());
    elements.close();
  }
}
