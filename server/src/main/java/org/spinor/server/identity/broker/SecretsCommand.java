package org.spinor.server.identity.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.AdminCommand;
import org.spinor.server.CommandLine;
import org.spinor.server.WrongUseException;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.OperatorSecrets;
import org.spinor.server.identity.OperatorSecrets.Place;
import org.spinor.server.identity.SecretFile;
import org.spinor.server.web.DidYouMean;
import org.spinor.server.web.WireJson;

/** {@code spinor admin secrets}: what elements and providers are opened with. */
public final class SecretsCommand implements AdminCommand {
  private static final List<String> ACTIONS = List.of("list", "set", "remove", "make-key");
  private static final Set<String> OPTIONS =
      Set.of("--data", "--site", "--ce", "--vo", "--provider", "--file", "--output");
  private static final String SEE = " (spinor admin secrets --help)";
  private static final int KEY_BITS = 3072;

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;

  /** As the command line uses it. */
  public SecretsCommand() {
    this(System.in, System.out, System.err);
  }

  SecretsCommand(InputStream in, PrintStream out, PrintStream err) {
    this.in = in;
    this.out = out;
    this.err = err;
  }

  @Override
  public String name() {
    return "secrets";
  }

  @Override
  public String summary() {
    return "secrets of elements and of clients at identity providers: list, set, remove";
  }

  @Override
  public String help() {
    return """
        Usage: spinor admin secrets list                 --data DIR [--output table|json]
               spinor admin secrets set NAME             --data DIR [--site S [--ce C]] [--vo V]
               spinor admin secrets remove NAME          --data DIR [--site S [--ce C]] [--vo V]
               spinor admin secrets set --provider VO    --data DIR
               spinor admin secrets remove --provider VO --data DIR
               spinor admin secrets make-key --provider VO --data DIR

        What the server shows to computing elements and identity providers: files of mode 0600 in
        DIR/secrets. The server may run: it reads them at each use. No command shows a secret.

          list       where there is a secret of which name, and what is wrong with its file
          set        keeps what comes on stdin
          remove     takes it away
          make-key   makes a key for private_key_jwt and prints its public half, a JWKS to
                     register at the provider

          NAME           as the plug-in asks for it; ssh-key and ssh-certificate are for logins
          --site, --ce   holds there. Default: everywhere. The nearest one wins
          --vo V         holds for this VO's pilots. Default: for all. At the same distance the
                         VO's own wins
          --provider VO  the secret of IdP.Tokens.ClientID at the identity provider of this VO
          --file FILE    takes the secret from FILE instead of stdin
          --data DIR     the server's data folder. Default: spinor-data

        Examples:
          spinor admin secrets set ssh-key --site LCG.Example.org --data DIR < id_ed25519
          spinor admin secrets set --provider biomed --data DIR < client-secret
        """;
  }

  @Override
  public int run(List<String> arguments) {
    CommandLine line = CommandLine.parse(arguments, OPTIONS, Set.of());
    String action = line.rest().isEmpty() ? "" : line.rest().getFirst();
    if (!ACTIONS.contains(action) || line.rest().size() > 2) {
      throw new WrongUseException(
          "expected one of %s%s%s"
              .formatted(String.join(", ", ACTIONS), DidYouMean.hint(action, ACTIONS), SEE));
    }
    Path data = Path.of(line.value("--data").orElse("spinor-data")).toAbsolutePath().normalize();
    if (!Files.isDirectory(data)) {
      throw new SpinorException(
          ErrorCode.NOT_FOUND,
          "there is no data folder %s: give with --data the one that the server has"
              .formatted(data));
    }
    try {
      switch (action) {
        case "set" -> set(line, data);
        case "remove" -> remove(file(line, data));
        case "make-key" -> makeKey(provider(line), data);
        default -> list(line, data);
      }
      return 0;
    } catch (BrokerException e) {
      throw new WrongUseException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("the secrets of " + data + " cannot be read or changed", e);
    }
  }

  private void set(CommandLine line, Path data) throws IOException {
    Path file = file(line, data);
    Optional<String> from = line.value("--file");
    byte[] secret = from.isPresent() ? Files.readAllBytes(Path.of(from.get())) : in.readAllBytes();
    if (new String(secret, UTF_8).isBlank()) {
      throw new WrongUseException("the secret is empty: give it on stdin, or --file FILE" + SEE);
    }
    SecretFile.write(file, secret);
    err.printf("spinor: kept in %s%n", file);
  }

  private void remove(Path file) throws IOException {
    if (!Files.deleteIfExists(file)) {
      throw new SpinorException(
          ErrorCode.NOT_FOUND, "there is no %s (spinor admin secrets list)".formatted(file));
    }
    err.printf("spinor: removed %s%n", file);
  }

  private void makeKey(String vo, Path data) throws IOException {
    try {
      RSAKey key =
          new RSAKeyGenerator(KEY_BITS)
              .algorithm(JWSAlgorithm.RS256)
              .keyUse(KeyUse.SIGNATURE)
              .keyIDFromThumbprint(true)
              .generate();
      Path file = ClientLogin.keyFile(data.resolve("secrets"), vo);
      SecretFile.write(file, key.toJSONString().getBytes(UTF_8));
      err.printf("spinor: kept in %s; register this public half at the provider:%n", file);
      out.println(new JWKSet(key).toString(true));
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot make a key", e);
    }
  }

  private static Path file(CommandLine line, Path data) {
    if (line.has("--provider")) {
      if (line.rest().size() > 1) {
        throw new WrongUseException("--provider and a NAME exclude each other" + SEE);
      }
      return ClientLogin.secretFile(data.resolve("secrets"), provider(line));
    }
    if (line.rest().size() != 2) {
      throw new WrongUseException("NAME or --provider VO is missing" + SEE);
    }
    if (line.has("--ce") && !line.has("--site")) {
      throw new WrongUseException("--ce needs the --site that it belongs to" + SEE);
    }
    return new OperatorSecrets(data)
        .file(
            new Place(part(line, "--site"), part(line, "--ce"), part(line, "--vo")),
            line.rest().getLast());
  }

  private static Optional<String> part(CommandLine line, String option) {
    return line.value(option).map(text -> plain(option, text, "[A-Za-z0-9_-][A-Za-z0-9_.:/-]*"));
  }

  private static String provider(CommandLine line) {
    return line.value("--provider")
        .map(text -> plain("--provider", text, "[A-Za-z0-9][A-Za-z0-9_.-]*"))
        .orElseThrow(() -> new WrongUseException("--provider VO is missing" + SEE));
  }

  private static String plain(String option, String text, String form) {
    if (!text.matches(form) || text.equals("_")) {
      throw new WrongUseException("%s: '%s' is no name".formatted(option, text));
    }
    return text;
  }

  /**
   * One line of the list.
   *
   * @param problem with the file; empty: none
   */
  record Entry(
      String name,
      Optional<String> site,
      Optional<String> ce,
      Optional<String> vo,
      Optional<String> provider,
      Path file,
      Optional<String> problem) {}

  private void list(CommandLine line, Path data) throws IOException {
    String output = line.value("--output").orElse("table");
    if (!List.of("table", "json").contains(output) || line.rest().size() > 1) {
      throw new WrongUseException("expected --output table or json" + SEE);
    }
    List<Entry> entries = ofElements(new OperatorSecrets(data));
    entries.addAll(ofProviders(data.resolve("secrets")));
    if (output.equals("json")) {
      out.println(WireJson.mapper().writeValueAsString(entries));
      return;
    }
    String format = "%-20s %-24s %-28s %-12s %s%n";
    out.printf(format, "NAME", "SITE", "CE", "VO", "");
    for (Entry entry : entries) {
      out.printf(
          format,
          entry.name(),
          entry.site().orElse(entry.provider().isPresent() ? "(provider)" : "all"),
          entry.ce().orElse(entry.provider().isPresent() ? "" : "all"),
          entry.provider().or(entry::vo).orElse("all"),
          entry.problem().orElse(""));
    }
  }

  private static List<Entry> ofElements(OperatorSecrets secrets) throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (!Files.isDirectory(secrets.root())) {
      return entries;
    }
    try (Stream<Path> files = Files.walk(secrets.root())) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        Optional<Place> place = secrets.place(file);
        Optional<String> problem =
            place.isEmpty()
                ? Optional.of(file + " is in no folder SITE/CE/VO, so nobody finds it")
                : SecretFile.openToOthers(file);
        entries.add(
            new Entry(
                String.valueOf(file.getFileName()),
                place.flatMap(Place::site),
                place.flatMap(Place::ce),
                place.flatMap(Place::vo),
                Optional.empty(),
                file,
                problem));
      }
    }
    return entries;
  }

  private static List<Entry> ofProviders(Path secrets) throws IOException {
    List<Entry> entries = new ArrayList<>();
    if (!Files.isDirectory(secrets)) {
      return entries;
    }
    try (Stream<Path> files = Files.list(secrets)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        for (String kind : List.of("client-secret", "tokens-secret", "tokens-key")) {
          if (name.startsWith("idp-") && name.endsWith("-" + kind)) {
            String vo = name.substring(4, name.length() - kind.length() - 1);
            entries.add(
                new Entry(
                    kind,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(vo),
                    file,
                    SecretFile.openToOthers(file)));
          }
        }
      }
    }
    return entries;
  }
}
