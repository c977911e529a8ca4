package org.spinor.plugins.computing.batch.system;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.spinor.spi.Fault;

/**
 * What the words mean with which a batch system's commands fail.
 *
 * @param gone a job is not known, or has ended: no failure where it was to be ended
 * @param broken an operator has to act: no such queue, not allowed, not installed
 */
public record Complaints(Pattern gone, Pattern broken) {
  private static final Pattern ALWAYS_BROKEN =
      Pattern.compile("command not found|No such file or directory|Permission denied");

  /** Regular expressions, found anywhere in a line, letter case aside. */
  public static Complaints of(String gone, String broken) {
    return new Complaints(
        Pattern.compile(gone, Pattern.CASE_INSENSITIVE),
        Pattern.compile(broken, Pattern.CASE_INSENSITIVE));
  }

  /** Whose fault the failure of a command is. */
  public Fault fault(String complaint) {
    boolean platform = broken.matcher(complaint).find() || ALWAYS_BROKEN.matcher(complaint).find();
    return platform ? Fault.PLATFORM : Fault.TEMPORARY;
  }

  /** Whether all that a command complains of are jobs that it does not know. */
  public boolean onlyGone(String complaint) {
    List<String> lines = complaint.lines().filter(line -> !line.isBlank()).toList();
    return !lines.isEmpty() && lines.stream().allMatch(line -> gone.matcher(line).find());
  }

  /**
   * Why jobs could not be cancelled, by id, from what the command said of those. Jobs that are gone
   * anyway are no failure; what cannot be told to belong to a job concerns all.
   */
  public Map<String, String> refusals(Set<String> ids, String complaint) {
    Map<String, String> refusals = new LinkedHashMap<>();
    for (String line : complaint.lines().map(String::strip).toList()) {
      if (line.isEmpty() || gone.matcher(line).find()) {
        continue;
      }
      List<String> meant = ids.stream().filter(id -> names(line, id)).toList();
      for (String id : meant.isEmpty() ? ids : meant) {
        refusals.putIfAbsent(id, line);
      }
    }
    return refusals;
  }

  /** Whether a line speaks of a job, and not of one whose number begins or ends likewise. */
  private static boolean names(String line, String id) {
    int at = line.indexOf(id);
    while (at >= 0) {
      boolean begins = at == 0 || !Character.isLetterOrDigit(line.charAt(at - 1));
      int end = at + id.length();
      if (begins && (end == line.length() || !Character.isLetterOrDigit(line.charAt(end)))) {
        return true;
      }
      at = line.indexOf(id, at + 1);
    }
    return false;
  }
}
