package org.spinor.plugins.computing.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.host.LocalHost;
import org.spinor.plugins.computing.batch.system.BatchJob;
import org.spinor.plugins.computing.batch.system.BatchSystems;
import org.spinor.plugins.computing.batch.system.Directives;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotSubmission;

/**
 * What operators can set for a batch system, wherever it is.
 *
 * @param sharedArea empty: see the plug-in
 * @param wallTime of pilots; zero: the queue's default
 * @param latency how long files and lists may lag behind
 * @param keep how long a pilot's folder is kept that nobody purges
 */
record BatchSettings(
    String system,
    Optional<String> sharedArea,
    BatchJob.Place place,
    Duration wallTime,
    Duration latency,
    Duration keep,
    Programs programs) {

  /**
   * How to use the programs of the batch system.
   *
   * @param folder where they are; empty: on the path
   * @param environment of theirs, as {@code NAME=value}
   * @param maxArray pilots in one submission at most; 0: what the system takes
   */
  record Programs(String folder, List<String> environment, int maxArray) {}

  /**
   * What all plug-ins of batch systems take.
   *
   * @param area what {@code SharedArea} is there
   * @param own further ones, of one plug-in alone
   */
  static List<Parameter> parameters(String area, List<Parameter> own) {
    List<Parameter> all =
        new ArrayList<>(common(Parameter.path("SharedArea", Optional.empty(), area)));
    all.addAll(own);
    return List.copyOf(all);
  }

  /** Of the server's environment, what the programs see. */
  static Parameter passedEnvironment(String names, String whose) {
    return Parameter.text(
        "PassEnvironment",
        names,
        "Variables of the server's environment that "
            + whose
            + " programs see, separated by commas.");
  }

  private static List<Parameter> common(Parameter sharedArea) {
    return List.of(
        Parameter.choice(
                "BatchSystem", "Slurm", BatchSystems.NAMES, "The batch system to submit to.")
            .asRequired(),
        sharedArea,
        Parameter.text(
            "BatchQueue",
            "",
            "The batch system's name of the queue (partition, class), where it is not that of the queue's section; '-' asks for none."),
        Parameter.text("Account", "", "Account, project or accounting group to charge."),
        Parameter.text(
            "Directives",
            "",
            "Further lines of the job's script, with variables as {cores} or {memory_mb}; what does not begin with # gets the system's prefix."),
        Parameter.text(
            "SubmitOptions", "", "Further arguments of the submit command, with variables."),
        Parameter.text("Preamble", "", "Lines of shell that run on the node before the pilot."),
        Parameter.number(
            "WallTimeMinutes", 0, "min", "Wall time to ask for; 0: the queue's default."),
        Parameter.number(
            "FileLatencySeconds",
            60,
            "s",
            "How long files of the nodes and entries of the queue may take to show on the submission host."),
        Parameter.number(
            "KeepHours",
            168,
            "h",
            "How long the folder of a pilot that has ended is kept, where nobody purges it."),
        Parameter.path(
            "BatchFolder",
            Optional.empty(),
            "Folder of the batch system's programs on the submission host, where they are not on its path."),
        Parameter.text(
            "BatchEnvironment",
            "",
            "Variables of the batch system's programs, as SGE_ROOT=/opt/sge, separated by blanks."),
        Parameter.number(
            "MaxArraySize",
            0,
            "",
            "Pilots in one submission (job array) at most; 1: no arrays, 0: what the batch system takes."));
  }

  /**
   * @param queue the queue's name in the configuration
   */
  static BatchSettings of(Parameters parameters, String queue) {
    String named = parameters.text("BatchQueue").orElse("");
    String target = named.equals("-") ? "" : named.isEmpty() ? queue : named;
    String account = parameters.text("Account").orElse("");
    oneWord("BatchQueue", target);
    oneWord("Account", account);
    List<String> environment = words(parameters, "BatchEnvironment");
    for (String variable : environment) {
      if (!variable.matches("[A-Za-z_][A-Za-z0-9_]*=.*")) {
        throw new MisconfiguredException("BatchEnvironment: '" + variable + "' is no NAME=value");
      }
    }
    BatchSettings settings =
        new BatchSettings(
            parameters.text("BatchSystem").orElse(""),
            parameters.text("SharedArea").filter(area -> !area.isBlank()),
            new BatchJob.Place(
                target,
                account,
                lines(parameters, "Directives"),
                words(parameters, "SubmitOptions"),
                lines(parameters, "Preamble")),
            Duration.ofMinutes(parameters.number("WallTimeMinutes")),
            parameters.seconds("FileLatencySeconds"),
            Duration.ofHours(parameters.number("KeepHours")),
            new Programs(
                parameters.text("BatchFolder").orElse(""),
                environment,
                Math.toIntExact(parameters.number("MaxArraySize"))));
    settings.checkVariables();
    return settings;
  }

  /** The server's own host, as a plug-in with {@link #passedEnvironment} uses it. */
  static Host localHost(Parameters parameters, ComputingElementContext context) {
    return new LocalHost(
        context.stateFolder(),
        Arrays.stream(parameters.text("PassEnvironment").orElse("").split(","))
            .map(String::strip)
            .toList());
  }

  /** The same with this environment of the programs. */
  BatchSettings with(List<String> environment) {
    return new BatchSettings(
        system,
        sharedArea,
        place,
        wallTime,
        latency,
        keep,
        new Programs(programs.folder(), environment, programs.maxArray()));
  }

  private void checkVariables() {
    BatchJob job = new BatchJob("a", "/", "/", "/", 1, PilotSubmission.Size.oneCore(), place);
    Directives.fill(place.directives(), job);
    Directives.fill(place.options(), job);
  }

  private static void oneWord(String name, String value) {
    if (!value.matches("[A-Za-z0-9_.,:@/+=-]*")) {
      throw new MisconfiguredException(name + ": '" + value + "' is not one word");
    }
  }

  private static List<String> lines(Parameters parameters, String name) {
    return parameters.text(name).orElse("").lines().filter(line -> !line.isBlank()).toList();
  }

  private static List<String> words(Parameters parameters, String name) {
    return new ArrayList<>(
        Arrays.stream(parameters.text(name).orElse("").split("\\s+"))
            .filter(word -> !word.isEmpty())
            .toList());
  }
}
