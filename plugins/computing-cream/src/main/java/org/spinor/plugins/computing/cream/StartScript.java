package org.spinor.plugins.computing.cream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.PilotSubmission.InputFile;

/**
 * The one file that a job fetches and runs: it brings the pilot's script, files and variables along
 * and sends the pilot's output back. It is fetched by HTTPS with the job's delegated proxy, so that
 * nothing of it stands on a command line or in the description of the job.
 */
final class StartScript {
  static final String FILE = "spinor-start.sh";
  static final String PILOT = "pilot.sh";
  static final String OUT = "spinor.out";
  static final String ERR = "spinor.err";

  /** The exit code of a job that could not fetch its files. */
  static final int NOT_FETCHED = 71;

  private static final Set<String> RESERVED = Set.of(FILE, PILOT, OUT, ERR, "spinor.tail");
  private static final String LAST_LINE = "# spinor-complete";
  private static final String CURL =
      "curl -sS -f --retry 3 --connect-timeout 30 --max-time 300"
          + " --capath ${X509_CERT_DIR:-/etc/grid-security/certificates}"
          + " --cert $X509_USER_PROXY --key $X509_USER_PROXY --cacert $X509_USER_PROXY";

  private StartScript() {}

  /**
   * Arguments of {@code /bin/sh} that fetch the file and run it. They go through JDL, CREAM's
   * wrapper, Perl and another shell: no quotes but the outermost, no backslashes, one line. The
   * first {@code umask} makes the file the account's own from its first byte, the last line of the
   * file proves that all of it came, and not a server's page.
   */
  static String command(String url) {
    return "-c 'umask 077; "
        + (CURL + " -o " + FILE + " " + url)
        + (" && tail -n 1 " + FILE + " | grep -q spinor-complete && exec /bin/sh ./" + FILE)
        + ("; exit " + NOT_FETCHED + "'");
  }

  /** Why this cannot be put into the file. */
  static List<String> problems(PilotSubmission pilot) {
    List<String> problems = new ArrayList<>();
    pilot
        .environment()
        .forEach(
            (name, value) -> {
              if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                problems.add("'" + name + "' is no name of a variable");
              }
              if (value.indexOf('\0') >= 0) {
                problems.add(name + " has a null character in its value");
              }
            });
    for (InputFile file : pilot.files()) {
      if (RESERVED.contains(file.name())) {
        problems.add("a file cannot be called " + file.name());
      }
      if (file.content().indexOf('\0') >= 0) {
        problems.add("the file " + file.name() + " has a null character");
      }
    }
    return problems;
  }

  /**
   * The content of the file.
   *
   * @param url where it lies
   * @param most bytes of each output that are sent back, its end
   */
  static String of(PilotSubmission pilot, CreamSettings settings, String url, int most) {
    StringBuilder text = new StringBuilder("#!/bin/sh\numask 077\n");
    text.append("web() { ").append(CURL).append(" \"$@\"; }\n");
    // For one start only: it holds the pilot's secret.
    text.append("rm -f ").append(FILE).append('\n');
    text.append("web -o /dev/null -X DELETE ").append(quoted(url)).append('\n');
    for (Map.Entry<String, String> one : pilot.environment().entrySet()) {
      text.append("export ").append(one.getKey()).append('=').append(quoted(one.getValue()));
      text.append('\n');
    }
    for (InputFile file : pilot.files()) {
      file(text, file.name(), file.content());
    }
    file(text, PILOT, pilot.script());
    settings.preamble().forEach(line -> text.append(line).append('\n'));
    text.append("sh ./").append(PILOT).append(" < /dev/null > ").append(OUT).append(" 2> ");
    text.append(ERR).append("\ncode=$?\n");
    sendBack(text, OUT, Store.outUrl(url), most);
    sendBack(text, ERR, Store.errUrl(url), most);
    return text.append("exit $code\n").append(LAST_LINE).append('\n').toString();
  }

  /** By the shell's own {@code printf}: the content is on no command line. */
  private static void file(StringBuilder text, String name, String content) {
    text.append("printf %s ").append(quoted(content)).append(" > ").append(quoted(name));
    text.append('\n');
  }

  /** One byte more tells that something is missing. */
  private static void sendBack(StringBuilder text, String file, String url, int most) {
    text.append("tail -c ").append(most + 1).append(' ').append(file).append(" > spinor.tail\n");
    text.append("web -o /dev/null -T spinor.tail ").append(quoted(url)).append('\n');
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
