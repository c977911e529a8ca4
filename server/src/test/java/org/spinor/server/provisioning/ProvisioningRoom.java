package org.spinor.server.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.spinor.server.database.TestDatabase;
import org.spinor.server.matching.Demand;
import org.spinor.server.pilots.PilotDriver;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.cycle.TestCycle;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.elements.TestElements;
import org.spinor.server.provisioning.queues.QueueState;
import org.spinor.server.provisioning.queues.TestQueues;
import org.spinor.server.provisioning.spools.TestSpools;
import org.spinor.server.provisioning.trials.TestTrials;
import org.spinor.server.resources.SiteStatuses;
import org.spinor.server.resources.Sites;
import org.spinor.server.resources.TestSites;
import org.spinor.spi.Parameter;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;
import org.spinor.spi.testkit.FakeComputingElement;
import org.spinor.spi.testkit.InMemoryBackEnd;

/** Provisioning as one server has it, with computing elements that obey the test. */
public final class ProvisioningRoom implements AutoCloseable {
  /** With a call: longer than any test lasts, so that only the impatient room ends one. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final TestDatabase database;
  private final TestSites configuration;
  private final PilotDriver driver;
  private final Map<Pilots.Queue, InMemoryBackEnd> backEnds;
  private final Map<Pilots.Queue, FakeComputingElement> fakes;
  private final SteppingClock clock = new SteppingClock();
  private final WaitingWork work = new WaitingWork();
  private final TestQueues queueWork;
  private final TestCycle cycle;
  private final String server = UUID.randomUUID().toString();
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

  public final FakeBroker broker = new FakeBroker();
  public final AskingPlugin asking = new AskingPlugin();
  public final TestElements elements;
  public final TestSpools spools;
  public final TestTrials trials;

  public ProvisioningRoom(
      TestDatabase database, PilotDriver driver, Configuration.Queue... queues) {
    this(database, driver, PATIENCE, new HashMap<>(), new HashMap<>(), queues);
  }

  /**
   * @param callTimeout how long a call to a computing element may take
   */
  private ProvisioningRoom(
      TestDatabase database,
      PilotDriver driver,
      Duration callTimeout,
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
            callTimeout,
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
    this.elements =
        new TestElements(
            List.of(
                new FakePlugin("Fake", fakes),
                new FakePlugin("Twice", fakes),
                new FakePlugin("Twice", fakes),
                asking,
                new FolderPlugin()),
            broker,
            configuration,
            new ConfiguredQueues(),
            properties,
            clock);
    this.spools = new TestSpools(database, server, elements);
    Pilots pilots = driver.pilots();
    this.queueWork = new TestQueues(database, server, pilots, elements, spools.board, properties);
    this.cycle =
        new TestCycle(work, pilots, elements, queueWork, spools.board, bans(), properties, clock);
    this.trials =
        new TestTrials(
            database,
            driver,
            elements,
            queueWork.states,
            spools.board,
            configuration,
            bans(),
            clock);
  }

  /** One that waits a second for an answer. */
  public static ProvisioningRoom impatient(
      TestDatabase database, PilotDriver driver, Configuration.Queue... queues) {
    return new ProvisioningRoom(
        database, driver, Duration.ofSeconds(1), new HashMap<>(), new HashMap<>(), queues);
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
  public List<QueueInfo> board() {
    return cycle.board();
  }

  public void ban(Configuration.Queue queue, String reason) {
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

  public String server() {
    return server;
  }

  public PilotDriver driver() {
    return driver;
  }

  /** Another server over the same database and the same elements. */
  public ProvisioningRoom anotherServer() {
    Configuration.Queue[] queues =
        new ConfiguredQueues()
            .queues().stream().map(Sites.KnownQueue::queue).toArray(Configuration.Queue[]::new);
    return new ProvisioningRoom(database, driver, PATIENCE, backEnds, fakes, queues);
  }

  public InMemoryBackEnd backEnd(Configuration.Queue queue) {
    return backEnds.getOrDefault(Elements.key(queue), new InMemoryBackEnd());
  }

  public FakeComputingElement fake(Configuration.Queue queue) {
    FakeComputingElement fake = fakes.get(Elements.key(queue));
    assertThat(fake).isNotNull();
    return fake == null ? new FakeComputingElement(new InMemoryBackEnd()) : fake;
  }

  public void configure(Configuration.Queue... queues) {
    configuration.change(queues);
  }

  /** So many jobs that fit each of these queues. */
  public void demand(long jobs, Configuration.Queue... queues) {
    Set<Pilots.Queue> fits = new HashSet<>();
    for (Configuration.Queue queue : queues) {
      fits.add(Elements.key(queue));
    }
    work.set(jobs, fits);
  }

  /** Some cycles, each with the work on the queues that follows. */
  public void cycles(int count) {
    for (int i = 0; i < count; i++) {
      cycle.run();
      await(queueWork::idle);
    }
  }

  public void cycleWithoutWaiting() {
    cycle.run();
  }

  /** What a server does that is not the one that plans. */
  public void workQueuesOnly() {
    Map<Pilots.Queue, QueueState> states = queueWork.states.all();
    new ConfiguredQueues()
        .queues()
        .forEach(
            known -> {
              Pilots.Queue key = Elements.key(known.queue());
              queueWork.threads.start(
                  known.queue(), states.getOrDefault(key, QueueState.fresh(key)));
            });
    await(queueWork::idle);
  }

  public void await(BooleanSupplier condition) {
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

  public void speak(String stamp, int running) {
    driver.speak(stamp, running);
  }

  public boolean opens(String stamp, String secret) {
    return driver.opens(stamp, secret);
  }

  public String outputOf(String stamp) {
    return driver.output(stamp);
  }

  public List<String> released() {
    return driver.jobs().released();
  }

  /** Lets time pass for the server's clock. */
  public void pass(Duration time) {
    clock.passed = clock.passed.plus(time);
  }

  /** Makes everything known of pilots older. */
  public void age(Duration time) {
    driver.age(Math.toIntExact(time.toSeconds()));
  }

  /** Makes the pause of a queue shorter. */
  public void age(Configuration.Queue queue, Duration time) {
    database
        .jdbc()
        .sql(
            "UPDATE provisioning.queue SET retry_at = retry_at - make_interval(secs => :s) WHERE ce = :ce")
        .param("s", time.toSeconds())
        .param("ce", queue.ce())
        .update();
  }

  /** What a server that is gone held. */
  public void leasesRunOut() {
    database
        .jdbc()
        .sql("UPDATE provisioning.queue SET worker_until = now() - interval '1 s'")
        .update();
  }

  /** Whether some server holds the queue. */
  public boolean held(Configuration.Queue queue) {
    return Boolean.parseBoolean(
        text(
            "SELECT coalesce(worker_until > now(), false)::text FROM provisioning.queue WHERE ce = :ce",
            queue));
  }

  public String breaker(Configuration.Queue queue) {
    return text("SELECT breaker FROM provisioning.queue WHERE ce = :ce", queue);
  }

  public String lastError(Configuration.Queue queue) {
    return text("SELECT coalesce(last_error, '') FROM provisioning.queue WHERE ce = :ce", queue);
  }

  /** Seconds from the last failure until the queue is tried again. */
  public double pause(Configuration.Queue queue) {
    return Double.parseDouble(
        text(
            "SELECT coalesce(extract(epoch FROM retry_at - last_error_at), 0)::text FROM provisioning.queue WHERE ce = :ce",
            queue));
  }

  private String text(String sql, Configuration.Queue queue) {
    return database.jdbc().sql(sql).param("ce", queue.ce()).query(String.class).single();
  }

  public List<String> statuses() {
    return list("SELECT status FROM pilots.pilot");
  }

  public List<String> references() {
    return list("SELECT reference FROM pilots.pilot");
  }

  public Set<String> stamps() {
    return Set.copyOf(list("SELECT stamp FROM pilots.pilot"));
  }

  /** Whether the pilot has not ended for the server. */
  public boolean believesIn(String stamp) {
    return list("SELECT stamp FROM pilots.pilot WHERE status NOT IN ('Done', 'Failed', 'Deleted', 'Aborted')")
        .contains(stamp);
  }

  public boolean purged(String stamp) {
    return list("SELECT stamp FROM pilots.pilot WHERE purged").contains(stamp);
  }

  private List<String> list(String sql) {
    return database.jdbc().sql(sql).query((row, number) -> row.getString(1)).list();
  }

  @Override
  public void close() {
    queueWork.close();
    await(queueWork::idle);
    elements.elements.close();
  }
}
