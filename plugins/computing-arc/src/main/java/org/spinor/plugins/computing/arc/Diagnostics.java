package org.spinor.plugins.computing.arc;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.spinor.plugins.computing.arc.rest.ArcRest;
import org.spinor.plugins.computing.arc.rest.ArcRest.Tail;
import org.spinor.plugins.grid.Deadline;

/** Files that ARC writes about a job. */
final class Diagnostics {
  static final String FOLDER = "diagnose";
  private static final int ENOUGH = 64 * 1024;
  private static final int LOG = 1024 * 1024;

  /** Between two lines of nothing but dashes. */
  private static final Pattern JOB_SCRIPT =
      Pattern.compile("^-{40,}\n.*?^-{40,}\n", Pattern.MULTILINE | Pattern.DOTALL);

  private Diagnostics() {}

  /** What ARC keeps of a job: {@code jobname}, {@code localid}, {@code failedstate}, ... */
  static Map<String, String> local(ArcRest rest, String id, Deadline deadline) {
    Map<String, String> values = new HashMap<>();
    rest.tail(id, FOLDER, "local", ENOUGH, deadline)
        .text()
        .lines()
        .forEach(
            line -> {
              int sign = line.indexOf('=');
              if (sign > 0) {
                values.put(line.substring(0, sign).strip(), line.substring(sign + 1).strip());
              }
            });
    return values;
  }

  /** Why a job failed, in one line. */
  static String failure(ArcRest rest, String id, Deadline deadline) {
    return rest.tail(id, FOLDER, "failed", ENOUGH, deadline)
        .text()
        .strip()
        .replaceAll("\\s*\\n\\s*", "; ");
  }

  /**
   * What ARC and its batch system scripts wrote about a job, without the job script that they copy
   * into it.
   */
  static Tail log(ArcRest rest, String id, int maxBytes, Deadline deadline) {
    Tail errors = rest.tail(id, FOLDER, "errors", LOG, deadline);
    byte[] log =
        JOB_SCRIPT.matcher(errors.text()).replaceAll("\n").getBytes(StandardCharsets.UTF_8);
    int start = Math.max(0, log.length - maxBytes);
    return new Tail(
        new String(log, start, log.length - start, StandardCharsets.UTF_8),
        errors.truncated() || start > 0);
  }
}
