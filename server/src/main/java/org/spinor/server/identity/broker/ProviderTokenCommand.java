package org.spinor.server.identity.broker;

import com.nimbusds.jwt.JWTParser;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.AdminCommand;
import org.spinor.server.CommandLine;
import org.spinor.server.WrongUseException;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.TokenBroker.Order;
import org.spinor.server.identity.broker.Inspection.Approved;
import org.spinor.server.web.DidYouMean;
import org.spinor.server.web.WireJson;

/** {@code spinor admin provider-token}: tries how the server gets tokens for the outside. */
public final class ProviderTokenCommand implements AdminCommand {
  private static final String TABLE = "table";
  private static final String JSON = "json";

  private final PrintStream out;

  /** As the command line uses it. */
  public ProviderTokenCommand() {
    this(System.out);
  }

  ProviderTokenCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public String name() {
    return "provider-token";
  }

  @Override
  public String summary() {
    return "tries how the server gets tokens for elements from a VO's identity provider";
  }

  @Override
  public String help() {
    return """
        Usage: spinor admin provider-token --data DIR --vo V --audience A [options]

        Asks the VO's identity provider for a token, exactly as the server does for a computing
        element (Registry.V.IdP.Tokens of the configuration), and shows what it says or why there
        is none. The token itself is not shown and goes nowhere.

          --data DIR       the server's data folder. Default: spinor-data
          --vo V           virtual organisation
          --audience A     who is to check it, as https://ce.example.org:443
          --scope "S S"    Default: compute.read
          --exchange FILE  exchanges the access token in FILE instead (RFC 8693)
          --output FORMAT  table or json. Default: table

        Example:
          spinor admin provider-token --data DIR --vo biomed --audience https://ce.example.org:443 \\
            --scope "compute.create compute.read compute.cancel"
        """;
  }

  @Override
  public int run(List<String> arguments) {
    CommandLine line =
        CommandLine.parse(
            arguments,
            Set.of("--data", "--vo", "--audience", "--scope", "--exchange", "--output"),
            Set.of());
    String output = line.value("--output").orElse(TABLE);
    if (!List.of(TABLE, JSON).contains(output) || !line.rest().isEmpty()) {
      throw new WrongUseException(
          "expected options only, and --output table or json (spinor admin provider-token --help)");
    }
    Order order =
        new Order(
            required(line, "--vo"),
            new TreeSet<>(
                Arrays.asList(line.value("--scope").orElse("compute.read").strip().split("\\s+"))),
            required(line, "--audience"),
            "an operator");
    Optional<String> subject = line.value("--exchange").map(ProviderTokenCommand::content);
    Path data = Path.of(line.value("--data").orElse("spinor-data")).toAbsolutePath().normalize();
    Map<String, IdentityProvider> providers =
        ProviderFacts.read(data)
            .orElseThrow(
                () ->
                    new SpinorException(
                        ErrorCode.NOT_FOUND,
                        "no server has run on %s: give its data folder with --data"
                            .formatted(data)));
    if (!providers.containsKey(order.vo())) {
      throw new SpinorException(
          ErrorCode.NOT_FOUND,
          "no VO %s with an identity provider in the configuration%s"
              .formatted(order.vo(), DidYouMean.hint(order.vo(), providers.keySet())));
    }
    try {
      Approved approved =
          BrokerBeans.broker(vo -> Optional.ofNullable(providers.get(vo)), data, Clock.systemUTC())
              .fresh(order, subject);
      show(approved, output);
      return 0;
    } catch (BrokerException e) {
      throw new SpinorException(ErrorCode.EXTERNAL, String.valueOf(e.getMessage()));
    }
  }

  private static String required(CommandLine line, String option) {
    return line.value(option)
        .filter(value -> !value.isBlank())
        .orElseThrow(
            () ->
                new WrongUseException(option + " is missing (spinor admin provider-token --help)"));
  }

  private static String content(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private void show(Approved approved, String output) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("expires", approved.token().expires().toString());
    all.put("scope", String.join(" ", approved.scopes()));
    all.put("notes", approved.notes());
    all.put("claims", claims(approved.token().value()));
    if (output.equals(JSON)) {
      out.println(WireJson.mapper().writeValueAsString(all));
      return;
    }
    all.forEach(
        (name, value) -> {
          switch (value) {
            case Map<?, ?> claims ->
                claims.forEach((claim, said) -> out.printf("  %-18s %s%n", claim, said));
            case List<?> notes -> notes.forEach(note -> out.printf("! the token %s%n", note));
            default -> out.printf("%-20s %s%n", name, value);
          }
        });
  }

  /** Nothing where only the provider can read the token. */
  private static Map<String, Object> claims(String token) {
    Map<String, Object> claims = new TreeMap<>();
    try {
      JWTParser.parse(token)
          .getJWTClaimsSet()
          .getClaims()
          .forEach((name, value) -> claims.put(name, plain(value)));
    } catch (ParseException e) {
      claims.clear();
    }
    return claims;
  }

  private static Object plain(Object value) {
    return value instanceof Date date ? date.toInstant().toString() : value;
  }
}
