package org.spinor.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line of the server says.
 *
 * @param data absolute
 * @param port 0: any free one
 */
record ServerOptions(
    Path data,
    int port,
    Optional<String> bind,
    Optional<String> config,
    Optional<String> databaseUrl,
    Optional<String> issuer,
    Optional<Integer> poolSize,
    Optional<Tls> tls,
    boolean once,
    boolean verbose) {
  /**
   * Files in PEM of the server's own certificate; taken anew when they change.
   *
   * @param certificate with the chain below it
   * @param key unencrypted
   */
  record Tls(Path certificate, Path key) {}

  private static final String CERTIFICATE = "--tls-certificate";
  private static final String KEY = "--tls-key";
  static final String HELP =
      """
      Usage: spinor server [--data DIR] [--port N] [options]

      Serves until SIGTERM or Ctrl-C. Says one line on stdout when it is ready; everything else is
      in DIR/logs/server.log, warnings on stderr too.

        --data DIR      everything that lasts: database, sandboxes, keys, logs; made where it is
                        missing. Default: spinor-data
        --port N        port of HTTP. 0: any free one. Default: 8000
        --bind ADDRESS  listens on this address only, as 127.0.0.1. Default: all of this host
        --config SOURCE the configuration: a YAML file, git+file:///path or git+https://host/repo,
                        a branch with ?revision=NAME. Default: DIR/config/default.yml, made at the
                        first start
        --db-url URL    a PostgreSQL of your own, postgresql://user:password@host:5432/database.
                        Default: SPINOR_DB_URL, which no list of processes shows; else one in
                        DIR, run by this server
        --issuer URL    how users and pilots reach this server; also in each token it signs.
                        Default: http://localhost:PORT, https with a certificate
        --tls-certificate FILE, --tls-key FILE
                        serves HTTPS: the certificate with its chain and its key, both in PEM,
                        taken anew when they change. Default: HTTP
        --pool-size N   connections to the database, at most. Default: 16
        --once          ends, with exit code 0, as soon as it would serve: tries a configuration or
                        an upgrade
        --verbose       more in the log
        -h, --help      this text

      Commands for the host's operator: spinor admin --help
      """;

  static ServerOptions parse(List<String> arguments) {
    CommandLine line =
        CommandLine.parse(
            arguments,
            Set.of(
                "--data",
                "--port",
                "--bind",
                "--config",
                "--db-url",
                "--issuer",
                "--pool-size",
                CERTIFICATE,
                KEY),
            Set.of("--once", "--verbose"));
    if (!line.rest().isEmpty()) {
      throw new WrongUseException(
          "what is '" + line.rest().getFirst() + "'? Only options are expected here");
    }
    return new ServerOptions(
        Path.of(line.value("--data").orElse("spinor-data")).toAbsolutePath().normalize(),
        line.value("--port").map(text -> number("--port", text, 0, 65535)).orElse(8000),
        line.value("--bind"),
        line.value("--config"),
        line.value("--db-url").or(() -> Optional.ofNullable(System.getenv("SPINOR_DB_URL"))),
        line.value("--issuer").map(ServerOptions::address),
        line.value("--pool-size").map(text -> number("--pool-size", text, 4, 10_000)),
        tls(line),
        line.has("--once"),
        line.has("--verbose"));
  }

  private static Optional<Tls> tls(CommandLine line) {
    Optional<Path> certificate = line.value(CERTIFICATE).map(ServerOptions::file);
    Optional<Path> key = line.value(KEY).map(ServerOptions::file);
    if (certificate.isPresent() != key.isPresent()) {
      throw new WrongUseException(
          "give both " + CERTIFICATE + " and " + KEY + ", or neither of them");
    }
    return certificate.map(path -> new Tls(path, key.orElseThrow()));
  }

  private static Path file(String text) {
    Path file = Path.of(text).toAbsolutePath().normalize();
    if (!Files.isReadable(file)) {
      throw new WrongUseException("cannot read " + file);
    }
    return file;
  }

  private static int number(String option, String text, int min, int max) {
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // the same words as for a number out of range
    }
    throw new WrongUseException(
        option + ": expected a whole number from " + min + " to " + max + ", got '" + text + "'");
  }

  /** Without a slash at its end: it is compared letter by letter with what tokens say. */
  private static String address(String text) {
    if (!text.matches("https?://[^/?#\\s]+(/[^?#\\s]*)?")) {
      throw new WrongUseException(
          "--issuer: expected an address as https://spinor.example.org, got '" + text + "'");
    }
    return text.replaceAll("/+$", "");
  }

  /** How the server is reached where nobody said so. */
  String defaultIssuer(int actualPort) {
    return (tls.isPresent() ? "https" : "http") + "://localhost:" + actualPort;
  }

  /**
   * What was asked for, as properties for the rooms: stronger than variables of the environment.
   */
  Map<String, Object> properties(int actualPort) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("spinor.data", data.toString());
    tls.ifPresent(
        files -> {
          String bundle = "spring.ssl.bundle.pem.spinor.";
          properties.put(bundle + "keystore.certificate", files.certificate().toUri().toString());
          properties.put(bundle + "keystore.private-key", files.key().toUri().toString());
          properties.put(bundle + "reload-on-update", true);
          properties.put("server.ssl.bundle", "spinor");
        });
    issuer.ifPresent(address -> properties.put("spinor.issuer", address));
    properties.put("server.port", actualPort);
    properties.put("server.tomcat.basedir", data.resolve("tmp").toString());
    bind.ifPresent(address -> properties.put("server.address", address));
    config.ifPresent(source -> properties.put("spinor.config", source));
    databaseUrl.ifPresent(url -> properties.put("spinor.db-url", url));
    poolSize.ifPresent(size -> properties.put("spinor.pool-size", size));
    return properties;
  }
}
