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
import org.spinor.server.matching.desk.ClaimDesk;
import org.spinor.server.matching.desk.DemandService;
import org.spinor.server.matching.desk.KnownNodes;
import org.spinor.server.matching.desk.MatchService;
import org.spinor.server.matching.desk.RecentOffers;
import org.spinor.server.matching.desk.Refusals;
import org.spinor.server.matching.explanation.Explainer;
import org.spinor.server.matching.explanation.Standing;
import org.spinor.server.matching.index.IndexFeed;
import org.spinor.server.matching.index.MatchingIndex;
import org.spinor.server.matching.rules.CurrentRules;
import org.spinor.server.matching.shares.ShareBook;
import org.spinor.server.matching.terms.ClassStore;
import org.spinor.server.matching.usage.EndedAttempts;
import org.spinor.server.matching.usage.LimitTable;
import org.spinor.server.matching.usage.SiteStates;
import org.spinor.server.matching.usage.UsageTable;
import org.spinor.server.resources.Sites;

/** The room on a real database with the jobs faked; as many servers as a test wants. */
public final class TestMatching implements AutoCloseable {
  public final TestDatabase database = TestDatabase.fresh();
  public final FakeJobs jobs = new FakeJobs(database);
  final TestConfiguration configuration;
  public final Map<String, Boolean> sites = new ConcurrentHashMap<>();
  public final List<Sites.KnownQueue> queues = new CopyOnWriteArrayList<>();

  public TestMatching(TestConfiguration configuration) {
    this.configuration = configuration;
  }

  /** One server with its own memory. */
  public final class Server implements AutoCloseable {
    public final ClassStore classes =
        new ClassStore(database.jdbc(), database.transactions(), configuration);
    public final CurrentRules rules = new CurrentRules(configuration);
    public final LimitTable limits = new LimitTable(database.jdbc(), classes, jobs, rules);
    public final FakeSites known = new FakeSites();
    public final SiteStates states = new SiteStates(known, rules, limits);
    public final UsageTable usage = new UsageTable(database.jdbc(), Duration.ofDays(7));
    public final ShareBook shares = new ShareBook(configuration);
    public final MatchingIndex index = new MatchingIndex(shares, new Random(7));
    public final IndexFeed feed = new IndexFeed(index, classes, jobs, () -> {});
    public final EndedAttempts ended =
        new EndedAttempts(database.transactions(), classes, rules, limits, usage);
    public final ClaimDesk desk = new ClaimDesk(database.transactions(), jobs, limits, rules);
    public final KnownNodes nodes = new KnownNodes(database.jdbc());
    public final RecentOffers recent =
        new RecentOffers(database.jdbc(), database.transactions(), nodes);
    public final MatchService matcher =
        new MatchService(
            configuration,
            index,
            jobs,
            desk,
            classes,
            new MatchService.Places(states, rules, recent),
            new Refusals(index));
    public final Demand demand = new DemandService(index, states, nodes, configuration);
    public final FakeJobFacts facts = new FakeJobFacts(jobs);
    public final Explainer explainer =
        new Explainer(
            new Explainer.Sources(facts, jobs, classes, known, states, nodes),
            new Standing(index, shares, classes, jobs),
            recent,
            configuration);

    /** A job of these requirements, submitted through this server. */
    public List<Long> submit(Requirements asks, int priority, int count) {
      int number = Objects.requireNonNull(classes.numbersOf(Set.of(asks)).get(asks));
      List<Long> ids = jobs.submit(number, priority, count);
      index.added(classes.numbered(number).orElseThrow(), count, (long) priority * count);
      return ids;
    }

    public Matcher.Answer ask(Offer offer, String pilot) {
      return ask(offer, pilot, 1);
    }

    public Matcher.Answer ask(Offer offer, String pilot, int maxJobs) {
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
