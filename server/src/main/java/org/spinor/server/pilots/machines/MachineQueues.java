package org.spinor.server.pilots.machines;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.identity.Caller;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.web.DidYouMean;
import org.springframework.stereotype.Component;

/** The queues of the configuration that machines can join. */
@Component
final class MachineQueues {
  /** Where pilots of a machine are, and whose they are. */
  record Target(Pilots.Queue place, String vo) {}

  private final Configurations configurations;

  MachineQueues(Configurations configurations) {
    this.configurations = configurations;
  }

  /** The queue in the configuration in force, where machines may still be there. */
  Optional<Configuration.Queue> configured(Pilots.Queue place) {
    return Optional.ofNullable(configurations.current().resources().sites().get(place.site()))
        .flatMap(site -> Optional.ofNullable(site.computingElements().get(place.ce())))
        .flatMap(element -> Optional.ofNullable(element.queues().get(place.name())))
        .filter(Configuration.Queue::isVacuum);
  }

  /** Whether pilots of the VO may be there. */
  boolean admits(Configuration.Queue queue, String vo) {
    return vos(queue).contains(vo);
  }

  private Set<String> vos(Configuration.Queue queue) {
    return new TreeSet<>(
        queue.vos().isEmpty() ? configurations.current().registry().keySet() : queue.vos());
  }

  /**
   * What an operator means.
   *
   * @param queueName {@code QUEUE} or {@code CE/QUEUE}; null: the only one
   * @param vo null: the only one
   * @throws SpinorException 422 with all that is wrong, 403 the VO is not the caller's to give
   */
  Target find(Caller caller, String site, @Nullable String queueName, @Nullable String vo) {
    List<String> problems = new ArrayList<>();
    Optional<Configuration.Queue> queue = queue(site, queueName, problems);
    Optional<String> whose = whose(caller, queue, vo, problems);
    if (queue.isEmpty() || whose.isEmpty()) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, String.join("; ", problems), problems);
    }
    if (caller.reach() != Caller.Reach.ALL && !whose.get().equals(caller.vo())) {
      throw new SpinorException(
          ErrorCode.FORBIDDEN,
          "machines for VO '%s' are let in by its own operators, or by somebody with SiteManager"
              .formatted(whose.get()));
    }
    Configuration.Queue found = queue.get();
    return new Target(new Pilots.Queue(found.site(), found.ce(), found.name()), whose.get());
  }

  private Optional<Configuration.Queue> queue(
      String name, @Nullable String wanted, List<String> problems) {
    Map<String, Configuration.Site> sites = configurations.current().resources().sites();
    Configuration.Site site = sites.get(name);
    if (site == null) {
      problems.add(
          "site: no site '%s' in the configuration%s"
              .formatted(name, DidYouMean.hint(name, sites.keySet())));
      return Optional.empty();
    }
    List<Configuration.Queue> all =
        site.computingElements().values().stream()
            .flatMap(element -> element.queues().values().stream())
            .filter(Configuration.Queue::isVacuum)
            .toList();
    if (all.isEmpty()) {
      problems.add(
          "site: '%s' has no queue of CEType: Vacuum, so no machine can join it".formatted(name));
      return Optional.empty();
    }
    List<Configuration.Queue> chosen =
        wanted == null
            ? all
            : all.stream()
                .filter(
                    queue ->
                        queue.name().equals(wanted)
                            || (queue.ce() + "/" + queue.name()).equals(wanted))
                .toList();
    if (chosen.size() == 1) {
      return Optional.of(chosen.getFirst());
    }
    String there =
        String.join(", ", all.stream().map(queue -> queue.ce() + "/" + queue.name()).toList());
    problems.add(
        chosen.isEmpty()
            ? "queue: no queue '%s' for machines at '%s'; there are %s"
                .formatted(wanted, name, there)
            : "queue: say which one of %s".formatted(there));
    return Optional.empty();
  }

  private Optional<String> whose(
      Caller caller,
      Optional<Configuration.Queue> queue,
      @Nullable String vo,
      List<String> problems) {
    Set<String> able =
        queue.map(this::vos).orElseGet(() -> configurations.current().registry().keySet());
    if (vo != null) {
      if (!able.contains(vo)) {
        problems.add(
            "vo: '%s' may not use the queue; %s may".formatted(vo, String.join(", ", able)));
        return Optional.empty();
      }
      return Optional.of(vo);
    }
    if (able.size() == 1) {
      return Optional.of(able.iterator().next());
    }
    if (caller.reach() != Caller.Reach.ALL && able.contains(caller.vo())) {
      return Optional.of(caller.vo());
    }
    problems.add("vo: say which one of " + String.join(", ", able));
    return Optional.empty();
  }
}
