package org.spinor.server.identity.tokens;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.AdminCommand;
import org.spinor.server.CommandLine;
import org.spinor.server.WrongUseException;
import org.spinor.server.identity.people.Person;
import org.spinor.server.identity.people.Roles;
import org.spinor.server.web.DidYouMean;

/** {@code spinor admin token}: who may read the key may be anybody. */
public final class TokenCommand implements AdminCommand {
  private static final String DEFAULT_ISSUER = "http://localhost:8000";
  private static final Set<String> OPTIONS =
      Set.of(
          "--data",
          "--vo",
          "--group",
          "--user",
          "--sub",
          "--property",
          "--expires",
          "--issuer",
          "--keystore");

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;

  /** As the command line uses it. */
  public TokenCommand() {
    this(System.out, System.err, System.getenv());
  }

  TokenCommand(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  @Override
  public String name() {
    return "token";
  }

  @Override
  public String summary() {
    return "makes an access token, signed with the server's key";
  }

  @Override
  public String help() {
    return """
        Usage: spinor admin token --data DIR --vo V --group G --user NAME [options]

        Prints an access token on stdout. Needs nothing but the right to read the keys in DIR; the
        server need not run.

          --data DIR       the server's data folder. Default: spinor-data
          --vo V           virtual organisation
          --group G        its group; the token has the group's properties
          --user NAME      user name, as the owner of jobs; need not be in the configuration
          --sub S          subject. Default: NAME
          --property P     a property besides those of the group; may be repeated
          --expires TIME   8h, 30m, 1d12h. Default: 8h
          --issuer URL     Default: that of the last server on DIR, or http://localhost:8000
          --keystore FILE  Default: that of the last server on DIR, or DIR/secrets/jwks.json

        Example:
          curl -H "Authorization: Bearer $(spinor admin token --data DIR --vo spinor --group user \\
            --user me)" http://localhost:8000/api/auth/userinfo
        """;
  }

  @Override
  public int run(List<String> arguments) {
    CommandLine line = CommandLine.parse(arguments, OPTIONS, Set.of());
    if (!line.rest().isEmpty()) {
      throw new WrongUseException(
          "what is '" + line.rest().getFirst() + "'? Only options are expected here");
    }
    String vo = required(line, "--vo");
    String group = required(line, "--group");
    String user = required(line, "--user");
    Duration life = Lifetime.parse("--expires", line.value("--expires").orElse("8h"));
    Path data = Path.of(line.value("--data").orElse("spinor-data")).toAbsolutePath().normalize();
    if (!Files.isDirectory(data)) {
      throw new SpinorException(
          ErrorCode.NOT_FOUND,
          "there is no data folder %s: give with --data the one that the server has"
              .formatted(data));
    }
    Optional<OperatorFacts> facts = OperatorFacts.read(data);
    Clock clock = Clock.systemUTC();
    SigningKeys keys =
        KeyFile.loadOrCreate(keystore(line, data, facts, environment), clock.instant());
    Person person =
        new Person(
            vo + ":" + line.value("--sub").orElse(user),
            user,
            vo,
            group,
            properties(line.all("--property"), vo, group, facts));
    out.println(new Tokens(Keys.fixed(keys), issuer(line, facts), clock).forPerson(person, life));
    return 0;
  }

  private static String required(CommandLine line, String option) {
    return line.value(option)
        .filter(value -> !value.isBlank())
        .orElseThrow(
            () -> new WrongUseException(option + " is missing (spinor admin token --help)"));
  }

  static Path keystore(
      CommandLine line, Path data, Optional<OperatorFacts> facts, Map<String, String> environment) {
    return line.value("--keystore")
        .or(() -> Optional.ofNullable(environment.get("SPINOR_KEYSTORE")))
        .or(() -> facts.map(OperatorFacts::keystore))
        .map(Path::of)
        .orElseGet(() -> KeyFile.of(data, ""));
  }

  private String issuer(CommandLine line, Optional<OperatorFacts> facts) {
    return line.value("--issuer")
        .or(() -> Optional.ofNullable(environment.get("SPINOR_ISSUER")))
        .or(() -> facts.map(OperatorFacts::issuer))
        .orElse(DEFAULT_ISSUER);
  }

  private Set<String> properties(
      List<String> asked, String vo, String group, Optional<OperatorFacts> facts) {
    SortedMap<String, SortedMap<String, List<String>>> vos =
        facts.map(OperatorFacts::groups).orElseGet(TreeMap::new);
    Set<String> known = new TreeSet<>(Roles.PROPERTIES);
    vos.values().forEach(groups -> groups.values().forEach(known::addAll));
    for (String property : asked) {
      if (!known.contains(property)) {
        throw new WrongUseException(
            "--property: unknown property "
                + property
                + DidYouMean.hint(property, known)
                + " (known: "
                + String.join(", ", known)
                + ")");
      }
    }
    Set<String> properties = new TreeSet<>(asked);
    List<String> ofGroup = vos.getOrDefault(vo, new TreeMap<>()).get(group);
    if (ofGroup != null) {
      properties.addAll(ofGroup);
    } else {
      err.printf(
          "spinor: %s; the token has %s%n",
          facts.isEmpty()
              ? "no server has run on this data folder yet, so the group's properties are not known"
              : vos.containsKey(vo)
                  ? "the VO %s has no group %s".formatted(vo, group)
                  : "the configuration has no VO %s (it has %s)"
                      .formatted(vo, String.join(", ", vos.keySet())),
          properties.isEmpty()
              ? "no property: give some with --property, as --property NormalUser"
              : "only " + String.join(", ", properties));
    }
    return properties;
  }
}
