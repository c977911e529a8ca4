package org.spinor.server.provisioning.elements;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.configuration.ElementCheck;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElementPlugin;

/** Holds the parameters of elements and queues against what their plug-ins describe. */
final class ParameterCheck implements ElementCheck {
  private static final Logger log = LoggerFactory.getLogger(ParameterCheck.class);

  private final Plugins plugins;

  ParameterCheck(Plugins plugins) {
    this.plugins = plugins;
  }

  @Override
  public List<String> problems(Configuration.Resources resources) {
    Set<String> problems = new LinkedHashSet<>();
    for (Configuration.Site site : resources.sites().values()) {
      for (Configuration.ComputingElement element : site.computingElements().values()) {
        check(element, problems);
      }
    }
    return List.copyOf(problems);
  }

  private void check(Configuration.ComputingElement element, Set<String> problems) {
    String path = "Resources.Sites." + element.site() + ".CEs." + element.name();
    Function<Configuration.Queue, List<String>> check;
    try {
      check = check(element);
    } catch (MisconfiguredException e) {
      problems.add(path + ".CEType: " + e.getMessage());
      return;
    }
    for (Configuration.Queue queue : element.queues().values()) {
      for (String problem : check.apply(queue)) {
        problems.add(place(path, element.parameters(), queue, problem) + "." + problem);
      }
    }
  }

  private Function<Configuration.Queue, List<String>> check(
      Configuration.ComputingElement element) {
    if (element.type().equals(Configuration.Queue.VACUUM)) {
      // what a machine starts is not sent through an edge, nor in allocations
      return queue -> Parameters.problems(VacuumParameters.ALL, queue.parameters());
    }
    ComputingElementPlugin plugin = plugins.named(element.type());
    return queue -> PilotParameters.allProblems(plugin, queue);
  }

  /** Where the value stands that is wrong: at the element, unless the queue has one of its own. */
  private static String place(
      String path, Map<String, String> ofElement, Configuration.Queue queue, String problem) {
    String name = problem.substring(0, Math.max(0, problem.indexOf(':')));
    String inherited = ofElement.get(name);
    boolean own = queue.parameters().containsKey(name) && inherited == null;
    boolean other = inherited != null && !inherited.equals(queue.parameters().get(name));
    return own || other ? path + ".Queues." + queue.name() : path;
  }

  /** Says in the log which queues of the configuration in force cannot work. */
  void say(Configurations configurations) {
    List<String> problems = new ArrayList<>(problems(configurations.current().resources()));
    if (!problems.isEmpty()) {
      log.warn(
          "queues that get no pilots before their configuration is corrected; {} problems:\n  {}",
          problems.size(),
          String.join("\n  ", problems));
    }
  }
}
