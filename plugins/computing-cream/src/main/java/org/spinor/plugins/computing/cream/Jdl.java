package org.spinor.plugins.computing.cream;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.PilotSubmission;

/**
 * The description of a pilot's job in CREAM's JDL. The job fetches one file from the web folder and
 * runs it; the file's name has the pilot's stamp in it, and that is how the job is found again.
 */
final class Jdl {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Pattern NAME =
      Pattern.compile("spinor-([A-Za-z0-9]{1,32})-[0-9a-f]{32}(?=\\.sh)");
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]+)}");

  private Jdl() {}

  /** A name for the files of one attempt to start a pilot, which nobody can guess. */
  static String newName(String stamp) {
    byte[] random = new byte[16];
    RANDOM.nextBytes(random);
    return "spinor-" + stamp + "-" + HexFormat.of().formatHex(random);
  }

  /** The name in a description; empty: it is none of ours. */
  static Optional<String> name(String jdl) {
    Matcher matcher = NAME.matcher(jdl);
    return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
  }

  /** The stamp in a description; empty: it is none of ours. */
  static Optional<String> stamp(String jdl) {
    Matcher matcher = NAME.matcher(jdl);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  static String of(PilotSubmission pilot, CreamSettings settings, String name) {
    PilotSubmission.Size size = pilot.size();
    StringBuilder text = new StringBuilder("[\n");
    text(text, "Type", "Job");
    text(text, "JobType", "Normal");
    text(text, "BatchSystem", settings.batchSystem());
    text(text, "QueueName", settings.queue());
    text(text, "VirtualOrganisation", settings.vo().isEmpty() ? pilot.vo() : settings.vo());
    text(text, "Executable", "/bin/sh");
    text(text, "Arguments", StartScript.command(Store.url(settings.service(), name)));
    if (size.wholeNode()) {
      text.append("WholeNodes = true;\nHostNumber = 1;\n");
    } else if (size.cores() > 1) {
      text.append("CpuNumber = ").append(size.cores()).append(";\n");
      text.append("SMPGranularity = ").append(size.cores()).append(";\n");
    }
    String requirements = requirements(size, settings);
    if (!requirements.isEmpty()) {
      text(text, "CERequirements", requirements);
    }
    if (!settings.extraJdl().isEmpty()) {
      text.append(filled(settings.extraJdl(), pilot, settings)).append('\n');
    }
    return text.append("]\n").toString();
  }

  /** In the words of GLUE, which sites turn into options of their batch system, or do not. */
  private static String requirements(PilotSubmission.Size size, CreamSettings settings) {
    StringBuilder all = new StringBuilder();
    long minutes =
        size.wallTime().isPositive()
            ? size.wallTime().toMinutes()
            : settings.wallTime().toMinutes();
    if (minutes > 0) {
      all.append("other.GlueCEPolicyMaxWallClockTime >= ").append(minutes);
    }
    if (size.memoryMb() > 0) {
      all.append(all.isEmpty() ? "" : " && ")
          .append("other.GlueHostMainMemoryRAMSize >= ")
          .append(size.memoryMb());
    }
    return all.toString();
  }

  /** CREAM unescapes texts differently in its versions: there is nothing to escape in ours. */
  private static void text(StringBuilder jdl, String name, String value) {
    if (value.chars().anyMatch(letter -> letter == '"' || letter == '\\' || letter < ' ')) {
      throw new IllegalArgumentException(name + " cannot be told to CREAM: " + value);
    }
    jdl.append(name).append(" = \"").append(value).append("\";\n");
  }

  private static String filled(String template, PilotSubmission pilot, CreamSettings settings) {
    PilotSubmission.Size size = pilot.size();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("cores", Integer.toString(Math.max(1, size.cores())));
    values.put("memory_mb", Long.toString(size.memoryMb()));
    values.put("gpus", Integer.toString(size.gpus()));
    values.put("queue", settings.queue());
    values.put("vo", pilot.vo());
    values.put("name", pilot.stamp());
    return VARIABLE
        .matcher(template)
        .replaceAll(
            found -> {
              String value = values.get(found.group(1));
              if (value == null) {
                throw new MisconfiguredException(
                    "ExtraJDLParameters: there is no variable {"
                        + found.group(1)
                        + "}; there are "
                        + String.join(", ", values.keySet()));
              }
              return Matcher.quoteReplacement(value);
            });
  }
}
