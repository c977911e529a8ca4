package org.spinor.spi.computing;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A pilot to be started: a script in an empty folder of its own.
 *
 * @param stamp chosen by the server: 1 to 32 letters and digits, unique for ever; the key of
 *     idempotency
 * @param vo whose pilot it is, for elements that account by VO
 * @param script POSIX sh, run as {@code sh ./pilot.sh}
 * @param environment variables of the script, in addition to what the back-end sets; no secrets
 * @param files put beside the script before it starts
 * @param size what it needs
 */
public record PilotSubmission(
    String stamp,
    String vo,
    String script,
    Map<String, String> environment,
    List<InputFile> files,
    Size size) {

  public PilotSubmission {
    if (!stamp.matches("[A-Za-z0-9]{1,32}")) {
      throw new IllegalArgumentException("a stamp has 1 to 32 letters and digits: " + stamp);
    }
    environment = Map.copyOf(environment);
    files = List.copyOf(files);
  }

  /**
   * A small text file.
   *
   * @param name without a folder
   * @param secret readable for the pilot's account only; its content never shows on a command line,
   *     in an environment, or in a log
   */
  public record InputFile(String name, String content, boolean secret) {
    public InputFile {
      if (!name.matches("[A-Za-z0-9._-]{1,100}") || name.startsWith(".")) {
        throw new IllegalArgumentException("not a plain file name: " + name);
      }
    }

    @Override
    public String toString() {
      return "InputFile[" + name + (secret ? ", secret]" : "]");
    }
  }

  /**
   * What a pilot asks of the back-end.
   *
   * @param cores 0: whatever the node has, see {@code wholeNode}
   * @param memoryMb for all cores together; 0: the back-end's default
   * @param gpus 0: none
   * @param nodes 1 or more
   * @param wholeNode nobody else runs there
   * @param wallTime the longest it will run; zero: the queue's default
   */
  public record Size(
      int cores, long memoryMb, int gpus, int nodes, boolean wholeNode, Duration wallTime) {
    /** One core, everything else as the queue has it. */
    public static Size oneCore() {
      return new Size(1, 0, 0, 1, false, Duration.ZERO);
    }
  }
}
