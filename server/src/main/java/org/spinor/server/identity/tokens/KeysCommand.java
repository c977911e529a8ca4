package org.spinor.server.identity.tokens;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.AdminCommand;
import org.spinor.server.CommandLine;
import org.spinor.server.WrongUseException;
import org.spinor.server.web.DidYouMean;

/** {@code spinor admin keys}: the keys that sign tokens. */
public final class KeysCommand implements AdminCommand {
  private static final List<String> ACTIONS = List.of("list", "rotate", "remove");

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final Clock clock;

  /** As the command line uses it. */
  public KeysCommand() {
    this(System.out, System.err, System.getenv(), Clock.systemUTC());
  }

  KeysCommand(PrintStream out, PrintStream err, Map<String, String> environment, Clock clock) {
    this.out = out;
    this.err = err;
    this.environment = environment;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "keys";
  }

  @Override
  public String summary() {
    return "signing keys: list, rotate, remove";
  }

  @Override
  public String help() {
    return """
        Usage: spinor admin keys list   --data DIR
               spinor admin keys rotate --data DIR
               spinor admin keys remove --data DIR --key KID

        The keys that sign tokens. The server may run: it sees a change within five seconds.

          list       the keys: id, whose tokens they are for, whether they sign, when made
          rotate     makes new keys, which sign from now on; the old ones go on verifying, so nobody
                     is logged out
          remove     takes an old key away: tokens that it has signed are refused from now on. Of
                     use when all have ended: after the life of a login, 8 hours

          --data DIR       the server's data folder. Default: spinor-data
          --keystore FILE  Default: that of the last server on DIR, or DIR/secrets/jwks.json
          --key KID        id of the key, as list shows it

        Servers with copies of the file need the new one at once: copy it after each rotate.
        """;
  }

  @Override
  public int run(List<String> arguments) {
    CommandLine line =
        CommandLine.parse(arguments, Set.of("--data", "--keystore", "--key"), Set.of());
    if (line.rest().size() != 1 || !ACTIONS.contains(line.rest().getFirst())) {
      String word = line.rest().isEmpty() ? "" : line.rest().getFirst();
      throw new WrongUseException(
          "expected one of list, rotate, remove%s (spinor admin keys --help)"
              .formatted(DidYouMean.hint(word, ACTIONS)));
    }
    Path data = Path.of(line.value("--data").orElse("spinor-data")).toAbsolutePath().normalize();
    Optional<OperatorFacts> facts =
        Files.isDirectory(data) ? OperatorFacts.read(data) : Optional.empty();
    Path file = TokenCommand.keystore(line, data, facts, environment);
    if (!Files.exists(file)) {
      throw new SpinorException(
          ErrorCode.NOT_FOUND,
          "there is no key file %s: give with --data the folder of a server that has run"
              .formatted(file));
    }
    switch (line.rest().getFirst()) {
      case "rotate" -> {
        KeyFile.rotate(file, clock.instant());
        err.printf("spinor: new keys sign; the old ones go on verifying, in %s%n", file);
      }
      case "remove" -> {
        String key =
            line.value("--key")
                .orElseThrow(
                    () -> new WrongUseException("--key is missing (spinor admin keys --help)"));
        KeyFile.remove(file, key);
        err.printf("spinor: removed; what it has signed is refused%n");
      }
      default -> list(file);
    }
    return 0;
  }

  private void list(Path file) {
    String format = "%-34s %-9s %-6s %s%n";
    out.printf(format, "KEY", "FOR", "SIGNS", "MADE");
    for (JWK key : KeyFile.parse(file).getKeys()) {
      out.printf(
          Locale.ROOT,
          format,
          key.getKeyID(),
          key instanceof OctetKeyPair ? "people" : "machines",
          SigningKeys.maySign(key) ? "yes" : "no",
          made(key.getKeyID()).map(Instant::toString).orElse("-"));
    }
  }

  /** Our ids begin with the time in milliseconds. */
  private static Optional<Instant> made(String keyId) {
    return keyId.matches("[0-9a-f]{12}7[0-9a-f]{19}")
        ? Optional.of(
            Instant.ofEpochMilli(Long.parseLong(keyId.substring(0, 12), 16))
                .truncatedTo(ChronoUnit.SECONDS))
        : Optional.empty();
  }
}
