package org.spinor.plugins.computing.boinc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.spinor.spi.computing.PilotOutput;

/** Reads what a work unit has left. */
final class Outputs {
  private Outputs() {}

  /**
   * @param file as the script wrote it; a stranger's, so anything else may stand there, and is then
   *     taken for standard output
   */
  static PilotOutput read(String file, String log, int maxBytes) {
    byte[] all = file.getBytes(StandardCharsets.UTF_8);
    int end = file.indexOf('\n');
    String head = end < 0 ? "" : file.substring(0, end).strip();
    if (!head.matches("\\d{1,7} \\d{1,7}")) {
      return output(all, new byte[0], log, maxBytes);
    }
    int standard = Integer.parseInt(head.substring(0, head.indexOf(' ')));
    int from = Math.min(all.length, end + 1);
    int middle = Math.min(all.length, from + standard);
    return output(
        Arrays.copyOfRange(all, from, middle),
        Arrays.copyOfRange(all, middle, all.length),
        log,
        maxBytes);
  }

  private static PilotOutput output(byte[] out, byte[] err, String log, int maxBytes) {
    byte[] words = log.getBytes(StandardCharsets.UTF_8);
    return new PilotOutput(
        end(out, maxBytes),
        end(err, maxBytes),
        end(words, maxBytes),
        Math.max(Math.max(out.length, err.length), words.length) > maxBytes);
  }

  private static String end(byte[] bytes, int most) {
    int from = Math.max(0, bytes.length - most);
    return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
  }
}
