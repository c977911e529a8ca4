package org.spinor.server.pilots;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.api.AttemptId;
import org.spinor.api.Offer;
import org.spinor.api.WorkRequest;
import org.spinor.server.database.Notifications;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.Caller;
import org.spinor.server.identity.TokenIssuer;
import org.spinor.server.matching.Matcher;
import org.spinor.server.resources.SiteStatuses;
import org.spinor.server.resources.TestSites;

/** The room of pilots as one server has it, on a real database, with fakes of the other rooms. */
final class PilotRoom implements AutoCloseable {
  static final TestSites SITES =
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
  static final Pilots.Queue LONG = new Pilots.Queue("LCG.North.org", "ce1.north.org", "long");

  final TestDatabase database;
  final FakeJobs jobs;
  final FakeMatcher matcher = new FakeMatcher();
  final BannedSites banned = new BannedSites();
  final Contacts contacts;
  final BlackHoles blackHoles;
  final PilotLogs logs;
  final PilotAdministration administration;
  final PilotController controller;
  final AgentController agents;
  final PilotViewController views;
  final SilenceWatch silence;
  final SecretKeeper secrets;
  final TrialFleet trials;
  final NodesController nodes;
  final FakeOutput elements = new FakeOutput();
  private final Fleet fleet;

  /** Elements that have these texts, by reference. */
  static final class FakeOutput implements ElementOutput {
    final Map<String, String> texts = new HashMap<>();

    @Override
    public Optional<String> fetch(Pilots.Queue queue, String vo, String reference, boolean ended) {
      return Optional.ofNullable(texts.get(reference));
    }
  }

  /** Answers what it was told to. */
  static final class FakeMatcher implements Matcher {
    private final Map<String, Deque<Match>> matches = new HashMap<>();
    final List<Offer> offers = new ArrayList<>();

    synchronized void next(String stamp, Match... next) {
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

  static final class BannedSites implements SiteStatuses {
    final Map<String, String> reasons = new HashMap<>();

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

  PilotRoom(TestDatabase database) {
    this(database, database.notifications(), new FakeJobs(), PilotsProperties.defaults());
  }

  PilotRoom(
      TestDatabase database,
      Notifications notifications,
      FakeJobs jobs,
      PilotsProperties properties) {
    this.database = database;
    this.jobs = jobs;
    Clock clock = Clock.systemUTC();
    contacts = new Contacts(new ContactRepository(database.jdbc()), database.transactions());
    blackHoles =
        new BlackHoles(
            new BlackHoleRepository(database.jdbc()),
            database.transactions(),
            notifications,
            properties,
            clock);
    Places places = new Places(SITES, banned, blackHoles);
    Pace pace = new Pace(clock, properties, SITES);
    Endings endings = new Endings(database.jdbc(), jobs, database.transactions());
    logs = new PilotLogs(database.jdbc(), database.transactions(), properties);
    administration =
        new PilotAdministration(
            new PilotRegistry(database.jdbc()),
            contacts,
            endings,
            SITES,
            jobs,
            database.transactions());
    secrets = new SecretKeeper(database.jdbc(), contacts, places);
    fleet = new Fleet(database.jdbc(), secrets, endings);
    PilotSearch search = new PilotSearch(database.jdbc(), jobs);
    controller = new PilotController(administration, search);
    agents =
        new AgentController(
            new WorkDesk(contacts, places, matcher, jobs, new FakeTokens(), SITES, pace),
            new HeartbeatDesk(contacts, places, jobs, pace),
            administration,
            logs,
            new Companions(database.jdbc(), secrets, places, database.transactions()));
    views =
        new PilotViewController(
            administration,
            search,
            new PilotDetails(database.jdbc()),
            logs,
            new PilotOutputs(database.jdbc(), fleet, elements),
            jobs);
    silence = new SilenceWatch(database.jdbc(), endings, properties);
    nodes = new NodesController(blackHoles);
    trials = new TrialFleet(database.jdbc(), logs, endings);
  }

  Fleet fleet() {
    return fleet;
  }

  String newPilot() {
    return fleet.create(List.of(new Pilots.Order(LONG, "Memory", "dteam", 1))).getFirst();
  }

  static Caller pilot(String stamp) {
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

  static Caller person(String vo, Caller.Reach reach, String... properties) {
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

  static Caller admin() {
    return person("dteam", Caller.Reach.ALL, "ServiceAdministrator");
  }

  static WorkRequest request(String id, int maxJobs) {
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

  String status(String stamp) {
    return database
        .jdbc()
        .sql("SELECT status FROM pilots.pilot WHERE stamp = :stamp")
        .param("stamp", stamp)
        .query(String.class)
        .single();
  }

  /** Makes all signs of life older. */
  void age(int seconds) {
    database
        .jdbc()
        .sql("UPDATE pilots.live SET last_seen = last_seen - make_interval(secs => :seconds)")
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
    contacts.close();
    blackHoles.close();
    logs.close();
  }
}
