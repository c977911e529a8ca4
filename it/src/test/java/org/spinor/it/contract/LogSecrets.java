package org.spinor.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spinor.it.ServerProcess;

/** Looks for secrets in what a server wrote down. */
final class LogSecrets {
  private static final Pattern TOKEN = Pattern.compile("eyJ[\\w-]{10,}\\.[\\w-]{10,}[\\w.-]*");
  private static final Pattern FIELD =
      Pattern.compile(
          "(?i)\\b(code|device_code|user_code|state|code_verifier|refresh_token|access_token|id_token|password|pilot_secret|signature)(=[\"']?|\\\\?[\"']\\s*[:=]\\s*\\\\?[\"'])[\\w.~+/-]{8,}");

  private LogSecrets() {}

  /**
   * @param known that must not be there either
   */
  static void assertNone(ServerProcess server, String... known) {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> logs = Files.list(server.data().resolve("logs"))) {
      for (Path log : logs.filter(file -> file.toString().endsWith(".log")).toList()) {
        all.append(Files.readString(log));
      }
      all.append(Files.readString(server.log()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = all.toString();
    assertThat(text).as("the logs of %s", server.data()).contains("login");
    assertThat(found(TOKEN, text)).as("tokens in the logs of %s", server.data()).isEmpty();
    assertThat(found(FIELD, text)).as("secrets in the logs of %s", server.data()).isEmpty();
    for (String secret : known) {
      assertThat(text.contains(secret)).as("%s in the logs of %s", secret, server.data()).isFalse();
    }
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).limit(10).toList();
  }
}
