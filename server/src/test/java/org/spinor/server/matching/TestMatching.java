package org.spinor.server.matching;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.spinor.api.Offer;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.jobs.Requirements;
import org.spinor.server.resources.Sites;

/** The room on a real database with the jobs faked; as many servers as a test wants. */
final class TestMatching implements AutoCloseable {
  final TestDatabase database = TestDatabase.fresh();
  final FakeJobs jobs = new FakeJobs(database);
  final TestConfiguration configuration;
  final Map<String, Boolean> sites = new ConcurrentHashMap<>();
  final List<Sites.KnownQueue> queues = new CopyOnWriteArrayList<>();

  TestMatching(TestConfiguration configuration) {
    this.configuration = configuration;
  }

  /** One server with its own memory. */
  final class Server implements AutoCloseable {
    final ClassStore classes =
        new ClassStore(database.jdbc(), database.transactions(), configuration);
    final CurrentRules rules = new CurrentRules(configuration);
    final LimitTable limits = new LimitTable(database.jdbc(), classes, jobs, rules);
    final FakeSites known = new FakeSites();
    final SiteStates states = new SiteStates(known, rules, limits);
    final UsageTable usage = new UsageTable(database.jdbc(), Duration.ofDays(7));
    final ShareBook shares = new ShareBook(configuration);
    final MatchingIndex index = new MatchingIndex(shares, new Random(7));
    final IndexFeed feed = new IndexFeed(index, classes, jobs, () -> {});
    final EndedAttempts ended =
        new EndedAttempts(database.transactions(), classes, rules, limits, usage);
    final ClaimDesk desk = new ClaimDesk(database.transactions(), jobs, limits, rules);
    final KnownNodes nodes = new KnownNodes(database.jdbc());
    final RecentOffers recent = new RecentOffers(database.jdbc(), database.transactions(), nodes);
    final MatchService matcher =
        new MatchService(
            configuration,
            index,
            jobs,
            desk,
            classes,
            new MatchService.Places(states, rules, recent),
            new Refusals(index));
    final Demand demand = new DemandService(index, states, nodes, configuration);
    final FakeJobFacts facts = new FakeJobFacts(jobs);
    final Explainer explainer =
        new Explainer(
            new Explainer.Sources(facts, jobs, classes, known, states, nodes),
            new Standing(index, shares, classes, jobs),
            recent,
            configuration);

    /** A job of these requirements, submitted through this server. */
    List<Long> submit(Requirements asks, int priority, int count) {
      int number = Objects.requireNonNull(classes.numbersOf(Set.of(asks)).get(asks));
      List<Long> ids = jobs.submit(number, priority, count);
      index.added(classes.numbered(number).orElseThrow(), count, (long) priority * count);
      return ids;
    }

    Matcher.Answer ask(Offer offer, String pilot) {
      return ask(offer, pilot, 1);
    }

    Matcher.Answer ask(Offer offer, String pilot, int maxJobs) {
      return matcher.match(offer, pilot, "", maxJobs, pilot + "-" + System.nanoTime());
    }

    @Override
    public void close() {
      feed.close();
      desk.close();
      classes.close();
      recent.close();
    }
  }

  final class FakeSites implements Sites {
    @Override
    public List<KnownQueue> queues() {
      return List.copyOf(queues);
    }

    @Override
    public Optional<Boolean> usable(String site) {
      return Optional.ofNullable(sites.get(site));
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
