package org.spinor.plugins.computing.arc;

import java.util.HashMap;
import java.util.Map;
import org.spinor.plugins.computing.arc.rest.ArcRest;
import org.spinor.plugins.computing.arc.rest.Deadline;

/** Files that ARC writes about a job. */
final class Diagnostics {
  static final String FOLDER = "diagnose";
  private static final int ENOUGH = 64 * 1024;

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
}
