package org.spinor.plugins.computing.batch.ssh;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.spi.MisconfiguredException;

/** An account on a host. */
record Target(String user, String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9._-]+)(?::(\\d{1,5}))?");

  /**
   * Hosts to go through, as {@code me@gate.example.org:2222, inner}.
   *
   * @param user where none is given
   */
  static List<Target> chain(String text, String user) {
    return Arrays.stream(text.split(","))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .map(word -> parse(word, user))
        .toList();
  }

  private static Target parse(String word, String user) {
    Matcher matcher = FORM.matcher(word);
    if (!matcher.matches()) {
      throw new MisconfiguredException("SSHJump: '" + word + "' is no [user@]host[:port]");
    }
    return new Target(
        matcher.group(1) == null ? user : matcher.group(1),
        matcher.group(2),
        matcher.group(3) == null ? 22 : Integer.parseInt(matcher.group(3)));
  }

  @Override
  public String toString() {
    return user + "@" + host + (port == 22 ? "" : ":" + port);
  }
}
