package org.spinor.server.provisioning.trials;

import io.swagger.v3.oas.annotations.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SiteTest;
import org.spinor.api.SiteTestRequest;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.tasks.Tasks;
import org.spinor.server.web.DidYouMean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tests of sites, asked for and watched by operators. */
@RestController
@RequestMapping("/api/sites/{name}/tests")
final class SiteTestController {
  private static final int MOST_QUEUES = 50;
  private static final int USUAL_TIMEOUT = 900;
  private static final int LONGEST_TIMEOUT = 86_400;

  private final Configurations configurations;
  private final SiteTests tests;
  private final Tasks tasks;
  private final Transactions transactions;

  SiteTestController(
      Configurations configurations, SiteTests tests, Tasks tasks, Transactions transactions) {
    this.configurations = configurations;
    this.tests = tests;
    this.tasks = tasks;
    this.transactions = transactions;
  }

  @PostMapping
  @Operation(summary = "Begins to test the queues of a site, one test for each")
  List<SiteTest> begin(
      Caller caller, @PathVariable String name, @RequestBody SiteTestRequest request) {
    List<Configuration.Queue> queues = chosen(site(name), request.queue());
    List<String> problems = new ArrayList<>();
    int timeout = Objects.requireNonNullElse(request.timeoutSeconds(), USUAL_TIMEOUT);
    if (timeout < 10 || timeout > LONGEST_TIMEOUT) {
      problems.add("timeout_seconds: expected 10 to " + LONGEST_TIMEOUT + ", got " + timeout);
    }
    List<String> vos = queues.stream().map(queue -> vo(queue, request, caller, problems)).toList();
    if (!problems.isEmpty()) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, String.join("; ", problems), problems);
    }
    boolean pilot = Objects.requireNonNullElse(request.pilot(), true);
    List<Long> ids =
        transactions.in(
            () -> {
              List<Long> created = new ArrayList<>();
              for (int i = 0; i < queues.size(); i++) {
                long id =
                    tests.create(
                        Elements.key(queues.get(i)),
                        vos.get(i),
                        caller.username(),
                        Duration.ofSeconds(timeout),
                        pilot);
                tasks.add(QueueTester.TYPE, QueueTester.payload(id, 0));
                created.add(id);
              }
              return created;
            });
    return ids.stream().map(id -> show(name, id)).toList();
  }

  @GetMapping("/{id}")
  @Operation(summary = "A test, as far as it has come; kept for 30 days")
  SiteTest show(@PathVariable String name, @PathVariable long id) {
    return tests
        .view(name, id)
        .orElseThrow(
            () ->
                new SpinorException(
                    ErrorCode.NOT_FOUND, "no test " + id + " of the site '" + name + "'"));
  }

  private Configuration.Site site(String name) {
    Map<String, Configuration.Site> sites = configurations.current().resources().sites();
    Configuration.Site site = sites.get(name);
    if (site == null) {
      throw new SpinorException(
          ErrorCode.NOT_FOUND,
          "no site '%s' in the configuration%s"
              .formatted(name, DidYouMean.hint(name, sites.keySet())));
    }
    return site;
  }

  /** The queues of this name, or all. */
  private static List<Configuration.Queue> chosen(
      Configuration.Site site, @Nullable String wanted) {
    List<Configuration.Queue> all =
        site.computingElements().values().stream()
            .flatMap(element -> element.queues().values().stream())
            .toList();
    List<Configuration.Queue> chosen =
        wanted == null ? all : all.stream().filter(queue -> isNamed(queue, wanted)).toList();
    if (chosen.isEmpty()) {
      Set<String> names = new TreeSet<>();
      all.forEach(queue -> names.add(queue.ce() + "/" + queue.name()));
      throw new SpinorException(
          ErrorCode.NOT_FOUND,
          wanted == null
              ? "the site '%s' has no queue".formatted(site.name())
              : "the site '%s' has no queue '%s'; it has %s"
                  .formatted(site.name(), wanted, String.join(", ", names)));
    }
    List<Configuration.Queue> testable =
        chosen.stream().filter(queue -> !queue.isVacuum()).toList();
    if (testable.isEmpty()) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE,
          "nothing is submitted to queues of type Vacuum, so there is nothing to test: machines join them, see 'spinor machines list --site %s'"
              .formatted(site.name()));
    }
    if (testable.size() > MOST_QUEUES) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE,
          "%d queues are too many for one test, at most %d; name one"
              .formatted(testable.size(), MOST_QUEUES));
    }
    return testable;
  }

  private static boolean isNamed(Configuration.Queue queue, String name) {
    return queue.name().equals(name) || (queue.ce() + "/" + queue.name()).equals(name);
  }

  private String vo(
      Configuration.Queue queue, SiteTestRequest request, Caller caller, List<String> problems) {
    Set<String> able =
        new TreeSet<>(
            queue.vos().isEmpty() ? configurations.current().registry().keySet() : queue.vos());
    String asked = request.vo();
    if (asked != null && !able.contains(asked)) {
      problems.add(
          "vo: the queue %s/%s is for %s, not for '%s'"
              .formatted(queue.ce(), queue.name(), String.join(", ", able), asked));
    }
    if (asked != null) {
      return asked;
    }
    return able.contains(caller.vo()) ? caller.vo() : able.iterator().next();
  }
}
