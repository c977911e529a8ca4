package org.spinor.server.pilots;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.api.AttemptId;
import org.spinor.api.Offer;
import org.spinor.api.WorkRequest;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Notifications;
import org.spinor.server.database.Partitions;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
import org.spinor.server.identity.PilotSecrets;
import org.spinor.server.identity.TokenIssuer;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.matching.Matcher;
import org.spinor.server.pilots.administration.TestAdministration;
import org.spinor.server.pilots.agents.TestAgents;
import org.spinor.server.resources.SiteStatuses;
import org.spinor.server.resources.TestSites;
import org.spinor.server.tasks.TaskHandler;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The room of pilots as one server has it, on a real database, wired as in the server but for its
 * machines and bundles, with fakes of the other rooms.
 */
public final class PilotRoom implements AutoCloseable {
  public static final TestSites SITES =
      new TestSites(
          TestSites.queue(
              "LCG.North.org",
              "ce1.north.org",
              "long",
              "Memory",
              1,
              1,
              10,
              Map.of("NumberOfNodes", "3")));
  public static final Pilots.Queue LONG =
      new Pilots.Queue("LCG.North.org", "ce1.north.org", "long");

  private static final List<String> FLOORS =
      List.of("administration", "agents", "contact", "fleet", "life", "nodes");

  public final TestDatabase database;
  public final FakeJobs jobs;
  public final FakeMatcher matcher = new FakeMatcher();
  public final BannedSites banned = new BannedSites();
  public final FakeOutput elements = new FakeOutput();
  public final Set<Pilots.Queue> unheard = new HashSet<>();
  public final TestAgents agents;
  public final TestAdministration administration;
  public final PilotSecrets secrets;
  public final TrialPilots trials;
  public final TaskHandler silence;
  private final AnnotationConfigApplicationContext context =
      new AnnotationConfigApplicationContext();

  /** Elements that have these texts, by reference. */
  public static final class FakeOutput implements ElementOutput {
    public final Map<String, String> texts = new HashMap<>();

    @Override
    public Optional<String> fetch(Pilots.Queue queue, String vo, String reference, boolean ended) {
      return Optional.ofNullable(texts.get(reference));
    }
  }

  /** Answers what it was told to. */
  public static final class FakeMatcher implements Matcher {
    private final Map<String, Deque<Match>> matches = new HashMap<>();
    public final List<Offer> offers = new ArrayList<>();

    public synchronized void next(String stamp, Match... next) {
      matches.computeIfAbsent(stamp, s -> new ArrayDeque<>()).addAll(List.of(next));
    }

    @Override
    public synchronized Answer match(
        Offer offer, String stamp, String host, int maxJobs, String requestId) {
      offers.add(offer);
      Deque<Match> waiting = matches.getOrDefault(stamp, new ArrayDeque<>());
      List<Match> given = new ArrayList<>();
      while (given.size() < maxJobs && !waiting.isEmpty()) {
        given.add(waiting.removeFirst());
      }
      return new Answer(given, given.isEmpty() ? "no job waits" : "");
    }
  }

  public static final class BannedSites implements SiteStatuses {
    public final Map<String, String> reasons = new HashMap<>();

    @Override
    public SiteStatus of(String site) {
      return new SiteStatus(
          !reasons.containsKey(site),
          reasons.getOrDefault(site, ""),
          Optional.empty(),
          Optional.empty());
    }

    @Override
    public SiteStatus decide(String site, boolean active, String reason, String by) {
      throw new UnsupportedOperationException();
    }
  }

  private static final class FakeTokens implements TokenIssuer {
    @Override
    public String forPilot(String vo, String stamp, Duration life, boolean untrusted) {
      return "pilot " + stamp;
    }

    @Override
    public String forPayload(
        AttemptId attempt,
        String pilotStamp,
        String vo,
        String owner,
        String ownerGroup,
        Duration life,
        boolean untrusted) {
      return "payload " + attempt + " of " + owner;
    }
  }

  public PilotRoom(TestDatabase database) {
    this(database, database.notifications(), new FakeJobs());
  }

  public PilotRoom(TestDatabase database, Notifications notifications, FakeJobs jobs) {
    this(database, notifications, jobs, PilotsProperties.defaults());
  }

  public PilotRoom(
      TestDatabase database,
      Notifications notifications,
      FakeJobs jobs,
      PilotsProperties properties) {
    this.database = database;
    this.jobs = jobs;
    context.registerBean(JdbcClient.class, database::jdbc);
    context.registerBean(Transactions.class, database::transactions);
    context.registerBean(Notifications.class, () -> notifications);
    context.registerBean(
        Partitions.class, () -> new Partitions(database.jdbc(), database.transactions()));
    context.registerBean(Clock.class, Clock::systemUTC);
    context.registerBean(Configurations.class, () -> SITES);
    context.registerBean(SiteStatuses.class, () -> banned);
    context.registerBean(Jobs.class, () -> jobs);
    context.registerBean(Matcher.class, () -> matcher);
    context.registerBean(TokenIssuer.class, FakeTokens::new);
    context.registerBean(ElementOutput.class, () -> elements);
    context.registerBean(UnheardQueues.class, () -> () -> Set.copyOf(unheard));
    context.registerBean(PilotsProperties.class, () -> properties);
    for (String floor : FLOORS) {
      context.scan("org.spinor.server.pilots." + floor);
    }
    context.refresh();
    agents = new TestAgents(context);
    administration = new TestAdministration(context);
    secrets = get(PilotSecrets.class);
    trials = get(TrialPilots.class);
    silence = context.getBean("silenceWatch", TaskHandler.class);
  }

  public <T> T get(Class<T> type) {
    return context.getBean(type);
  }

  public Pilots fleet() {
    return get(Pilots.class);
  }

  public String newPilot() {
    return fleet().create(List.of(new Pilots.Order(LONG, "Memory", "dteam", 1))).getFirst();
  }

  public static Caller pilot(String stamp) {
    return new Caller(
        "dteam:pilot",
        stamp,
        "dteam",
        "",
        Set.of(),
        Caller.Reach.OWN,
        Optional.of(stamp),
        Optional.empty());
  }

  public static Caller person(String vo, Caller.Reach reach, String... properties) {
    return new Caller(
        vo + ":1",
        "alice",
        vo,
        "user",
        Set.of(properties),
        reach,
        Optional.empty(),
        Optional.empty());
  }

  public static Caller admin() {
    return person("dteam", Caller.Reach.ALL, "ServiceAdministrator");
  }

  public static WorkRequest request(String id, int maxJobs) {
    Offer offer =
        new Offer(
            "LCG.Wherever.org",
            "my-ce",
            "",
            List.of("atlas"),
            List.of(),
            List.of(),
            List.of("any"),
            List.of(),
            List.of(),
            List.of("fast"),
            List.of(),
            1000,
            4,
            true,
            8000,
            10_000,
            0);
    return new WorkRequest(id, offer, maxJobs);
  }

  public String status(String stamp) {
    return database
        .jdbc()
        .sql("SELECT status FROM pilots.pilot WHERE stamp = :stamp")
        .param("stamp", stamp)
        .query(String.class)
        .single();
  }

  /** Makes all signs of life older. */
  public void age(int seconds) {
    database
        .jdbc()
        .sql("UPDATE pilots.live SET last_seen = last_seen - make_interval(secs => :seconds)")
        .param("seconds", seconds)
        .update();
    database
        .jdbc()
        .sql(
            """
            UPDATE pilots.silent_site SET since = since - make_interval(secs => :seconds),
                   heard_again = heard_again - make_interval(secs => :seconds)
            """)
        .param("seconds", seconds)
        .update();
    database
        .jdbc()
        .sql(
            """
            UPDATE pilots.pilot SET last_update_time = last_update_time - make_interval(secs => :seconds), polled = polled - make_interval(secs => :seconds),
                   submission_time = submission_time - make_interval(secs => :seconds), first_seen = first_seen - make_interval(secs => :seconds)
            """)
        .param("seconds", seconds)
        .update();
  }

  @Override
  public void close() {
    context.close();
  }
}
