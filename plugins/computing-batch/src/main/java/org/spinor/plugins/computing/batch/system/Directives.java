package org.spinor.plugins.computing.batch.system;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.spi.MisconfiguredException;

/**
 * Lines that an operator adds, with variables in braces: {@code {cores}}, {@code {memory_mb}},
 * {@code {gpus}}, {@code {nodes}}, {@code {wall_minutes}}, {@code {queue}}, {@code {account}},
 * {@code {name}}, {@code {count}}, {@code {folder}}. Braces that hold something else than a lower
 * case word stay as they are.
 */
public final class Directives {
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]+)}");

  private Directives() {}

  /**
   * Fills lines in.
   *
   * @throws MisconfiguredException a variable that there is not
   */
  public static List<String> fill(List<String> lines, BatchJob job) {
    Map<String, String> values = values(job);
    List<String> filled = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = VARIABLE.matcher(line);
      filled.add(
          matcher.replaceAll(
              found -> {
                String value = values.get(found.group(1));
                if (value == null) {
                  throw new MisconfiguredException(
                      "there is no variable {"
                          + found.group(1)
                          + "}; there are "
                          + String.join(", ", values.keySet()));
                }
                return Matcher.quoteReplacement(value);
              }));
    }
    return filled;
  }

  private static Map<String, String> values(BatchJob job) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("cores", Integer.toString(job.cores()));
    values.put("memory_mb", Long.toString(job.size().memoryMb()));
    values.put("gpus", Integer.toString(job.size().gpus()));
    values.put("nodes", Integer.toString(job.size().nodes()));
    values.put("wall_minutes", Long.toString(job.wallMinutes()));
    values.put("queue", job.place().queue());
    values.put("account", job.place().account());
    values.put("name", job.name());
    values.put("count", Integer.toString(job.count()));
    values.put("folder", job.folder());
    return values;
  }
}
