package org.spinor.pilot.wrapper;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.spinor.api.Assignment;
import org.spinor.api.MinorStatus;
import org.spinor.pilot.payload.JobFolders;
import org.spinor.pilot.payload.ProcessTable;

/** The environment of a payload: the node's, without what is the pilot's own, with the job's. */
final class PayloadEnvironment {
  /** The pilot's settings, secrets and credentials: none of a payload's business. */
  private static final Set<String> PRIVATE =
      Set.of(
          "X509_USER_PROXY",
          "X509_USER_KEY",
          "BEARER_TOKEN",
          "BEARER_TOKEN_FILE",
          "SPINOR_SERVER",
          ProcessTable.MARK);

  /** Names under which the start script keeps what it changed for the pilot itself. */
  private static final String SAVED = "SPINOR_PILOT_SAVED_";

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private PayloadEnvironment() {}

  /**
   * @throws JobFailure a line of the job's that is no {@code NAME=value}
   */
  static Map<String, String> make(
      WorkTools tools,
      Assignment job,
      JobDescription description,
      NodeFacts facts,
      JobFolders folders)
      throws JobFailure {
    Map<String, String> inherited = tools.environment();
    Map<String, String> environment = new HashMap<>();
    inherited.forEach(
        (name, value) -> {
          if (!PRIVATE.contains(name) && !name.startsWith("SPINOR_PILOT_")) {
            environment.put(name, value);
          }
        });
    restore(inherited, environment);
    environment.put("PATH", path(environment.getOrDefault("PATH", ""), tools.runtime()));
    environment.put("HOME", folders.job().toString());
    environment.put("PWD", folders.job().toString());
    environment.put("TMPDIR", folders.tmp().toString());
    String cores = Integer.toString(job.cores());
    environment.putIfAbsent("OMP_NUM_THREADS", cores);
    environment.put("DIRACJOBID", job.jobId().toString());
    environment.put("JOBID", job.jobId().toString());
    environment.put("DIRACSITE", facts.site());
    environment.put("DIRAC_PROCESSORS", cores);
    environment.put("DIRAC_JOB_PROCESSORS", cores);
    environment.put("DIRAC_WHOLENODE", description.wholeNode() ? "True" : "False");
    environment.put("SPINOR_JOB_ID", job.jobId().toString());
    environment.put("SPINOR_ATTEMPT", job.jobId() + "." + job.attempt());
    environment.put("SPINOR_SITE", facts.site());
    environment.put("SPINOR_VO", job.vo());
    environment.put("SPINOR_CORES", cores);
    environment.put("SPINOR_MEMORY_MB", Long.toString(job.memoryMb()));
    addOwn(description.environment(), environment);
    return environment;
  }

  private static void restore(Map<String, String> inherited, Map<String, String> environment) {
    inherited.forEach(
        (name, value) -> {
          if (name.startsWith(SAVED)) {
            String original = name.substring(SAVED.length());
            if (value.isEmpty()) {
              environment.remove(original);
            } else {
              environment.put(original, value);
            }
          }
        });
  }

  private static String path(String inherited, String runtime) {
    List<String> folders = new ArrayList<>();
    for (String folder : inherited.split(":")) {
      boolean pilots = !runtime.isEmpty() && folder.startsWith(runtime);
      if (!folder.isEmpty() && !pilots && !folders.contains(folder)) {
        folders.add(folder);
      }
    }
    return folders.isEmpty() ? "/usr/local/bin:/usr/bin:/bin" : String.join(":", folders);
  }

  private static void addOwn(List<String> lines, Map<String, String> environment)
      throws JobFailure {
    for (String line : lines) {
      int equals = line.indexOf('=');
      String name = equals < 0 ? line : line.substring(0, equals).strip();
      if (equals < 0 || !NAME.matcher(name).matches() || line.indexOf('\0') >= 0) {
        throw new JobFailure(
            MinorStatus.JOB_INITIALIZATION,
            "ExecutionEnvironment takes NAME=value, not \"" + line + "\"");
      }
      if (!name.equals(ProcessTable.MARK)) {
        environment.put(name, line.substring(equals + 1));
      }
    }
  }
}
