package org.spinor.plugins.computing.arc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.PilotSubmission.InputFile;

/**
 * The description of a pilot's job in ADL, the EMI Execution Service's Activity Description
 * Language as ARC takes it. The job's name is the pilot's stamp: that is how it is found again.
 *
 * <p>Lines of the operator may have variables in braces, see {@link #variables}.
 */
final class Adl {
  static final String PILOT = "pilot.sh";
  static final String STARTER = "spinor-start.sh";
  static final String OUTPUT = "stdout";
  static final String ERROR = "stderr";

  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]+)}");
  private static final long MEGABYTE = 1 << 20;

  private final ArcSettings settings;
  private final StringBuilder text = new StringBuilder();

  private Adl(ArcSettings settings) {
    this.settings = settings;
  }

  /**
   * @param delegation whose credential the job gets; empty: none
   */
  static String of(PilotSubmission pilot, ArcSettings settings, Optional<String> delegation) {
    return new Adl(settings).write(pilot, delegation);
  }

  /** The pilot's own files with their contents, the one that starts it last. */
  static Map<String, String> files(PilotSubmission pilot, ArcSettings settings) {
    Map<String, String> files = new LinkedHashMap<>();
    for (InputFile file : pilot.files()) {
      files.put(file.name(), file.content());
    }
    if (!settings.preamble().isEmpty()) {
      files.put(
          STARTER, String.join("\n", settings.preamble()) + "\nexec /bin/sh ./" + PILOT + "\n");
    }
    files.put(PILOT, pilot.script());
    return files;
  }

  private String write(PilotSubmission pilot, Optional<String> delegation) {
    text.append("<ActivityDescription xmlns=\"http://www.eu-emi.eu/es/2010/12/adl\"")
        .append(" xmlns:nordugrid-adl=\"http://www.nordugrid.org/es/2011/12/nordugrid-adl\">");
    text.append("<ActivityIdentification>");
    element("Name", pilot.stamp());
    text.append("</ActivityIdentification><Application><Executable>");
    element("Path", "/bin/sh");
    element("Argument", settings.preamble().isEmpty() ? PILOT : STARTER);
    // Then FINISHED means that the pilot ended with 0.
    element("FailIfExitCodeNotEqualTo", "0");
    text.append("</Executable>");
    element("Output", OUTPUT);
    element("Error", ERROR);
    pilot
        .environment()
        .forEach(
            (name, value) -> {
              text.append("<Environment>");
              element("Name", name);
              element("Value", value);
              text.append("</Environment>");
            });
    element("WipeTime", "PT" + settings.keep().toSeconds() + "S");
    if (settings.restarts() > 0) {
      element("nordugrid-adl:Rerun", Integer.toString(settings.restarts()));
    }
    text.append(filled(settings.templates().application(), pilot)).append("</Application>");
    resources(pilot);
    staging(pilot, delegation);
    return text.append("</ActivityDescription>").toString();
  }

  private void resources(PilotSubmission pilot) {
    PilotSubmission.Size size = pilot.size();
    int cores = Math.max(1, size.cores());
    text.append("<Resources>");
    for (String line : settings.templates().environments()) {
      List<String> words = List.of(filled(line, pilot).strip().split("\\s+"));
      text.append("<RuntimeEnvironment>");
      element("Name", words.getFirst());
      words.subList(1, words.size()).forEach(word -> element("Option", word));
      text.append("</RuntimeEnvironment>");
    }
    long seconds = size.wallTime().toSeconds();
    if (seconds > 0) {
      element("WallTime", Long.toString(seconds));
      element("IndividualCPUTime", Long.toString(seconds));
      element("TotalCPUTime", Long.toString(seconds * cores * size.nodes()));
    }
    if (size.memoryMb() > 0) {
      // for each slot
      long each = (size.memoryMb() + cores - 1) / cores;
      element("IndividualPhysicalMemory", Long.toString(each * MEGABYTE));
    }
    if (cores * size.nodes() > 1) {
      text.append("<SlotRequirement>");
      element("NumberOfSlots", Integer.toString(cores * size.nodes()));
      element("SlotsPerHost", Integer.toString(cores));
      text.append("</SlotRequirement>");
    }
    if (size.wholeNode()) {
      text.append("<SlotRequirement>");
      element("NumberOfSlots", Integer.toString(cores * size.nodes()));
      element("ExclusiveExecution", "true");
      text.append("</SlotRequirement>");
    }
    if (!settings.queue().isEmpty()) {
      element("QueueName", settings.queue());
    }
    text.append(filled(settings.templates().resources(), pilot)).append("</Resources>");
  }

  private void staging(PilotSubmission pilot, Optional<String> delegation) {
    text.append("<DataStaging>");
    delegation.ifPresent(id -> element("nordugrid-adl:DelegationID", id));
    files(pilot, settings)
        .keySet()
        .forEach(
            name -> {
              text.append("<InputFile>");
              element("Name", name);
              text.append("</InputFile>");
            });
    for (String name : List.of(OUTPUT, ERROR)) {
      text.append("<OutputFile>");
      element("Name", name);
      text.append("</OutputFile>");
    }
    text.append("</DataStaging>");
  }

  private void element(String name, String content) {
    text.append('<').append(name).append('>').append(escaped(content));
    text.append("</").append(name).append('>');
  }

  private static String escaped(String value) {
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Why this name or value of a variable cannot be told to ARC. */
  static List<String> problems(Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    environment.forEach(
        (name, value) -> {
          if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            problems.add("'" + name + "' is no name of a variable");
          }
          if (value.chars().anyMatch(letter -> letter < ' ' || letter == 0x7f)) {
            problems.add(name + " has a line end or another control character in its value");
          }
        });
    return problems;
  }

  private String filled(String template, PilotSubmission pilot) {
    Map<String, String> values = variables(pilot, settings.queue());
    return VARIABLE
        .matcher(template)
        .replaceAll(
            found -> {
              String value = values.get(found.group(1));
              if (value == null) {
                throw new MisconfiguredException(
                    "there is no variable {"
                        + found.group(1)
                        + "}; there are "
                        + String.join(", ", values.keySet()));
              }
              return Matcher.quoteReplacement(escaped(value));
            });
  }

  private static Map<String, String> variables(PilotSubmission pilot, String queue) {
    PilotSubmission.Size size = pilot.size();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("cores", Integer.toString(Math.max(1, size.cores())));
    values.put("memory_mb", Long.toString(size.memoryMb()));
    values.put("gpus", Integer.toString(size.gpus()));
    values.put("nodes", Integer.toString(size.nodes()));
    values.put("wall_minutes", Long.toString(size.wallTime().toMinutes()));
    values.put("queue", queue);
    values.put("vo", pilot.vo());
    values.put("name", pilot.stamp());
    return values;
  }
}
