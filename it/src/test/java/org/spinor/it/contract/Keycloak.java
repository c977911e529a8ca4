package org.spinor.it.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.spinor.it.Await;
import org.spinor.it.ServerProcess;

/**
 * A real Keycloak with one realm, in memory. The build unpacks its distribution from the local
 * Maven repository, where Maven puts it once (180 MB).
 */
public final class Keycloak implements AutoCloseable {
  /** Of the users {@code anna}, who is in the group {@code /biomed}, and {@code stranger}. */
  static final String PASSWORD = "not-a-secret";

  private static final Path FOLDER =
      Path.of(System.getProperty("spinor.home")).toAbsolutePath().resolve("it/target/keycloak");
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  private static final Duration QUICK = Duration.ofSeconds(3);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final URI issuer;
  private final Path log;

  private Keycloak(Process process, URI issuer, Path log) {
    this.process = process;
    this.issuer = issuer;
    this.log = log;
  }

  /** Begins to start one with the realm of people; it takes half a minute. */
  static Keycloak begin() {
    return begin("spinor", REALM);
  }

  /**
   * Begins to start one.
   *
   * @param name of the realm
   * @param realm as Keycloak imports it
   */
  public static Keycloak begin(String name, String realm) {
    try {
      Path home = home(name);
      Path log = home.resolveSibling("keycloak-of-" + name + ".log");
      Path file = home.resolve("data/import/realm.json");
      Files.createDirectories(file.getParent());
      Files.writeString(file, realm);
      int port = ServerProcess.freePort();
      ProcessBuilder builder =
          new ProcessBuilder(
                  "sh",
                  home.resolve("bin/kc.sh").toString(),
                  "start-dev",
                  "--import-realm",
                  "--db=dev-mem",
                  "--http-host=localhost",
                  "--http-port=" + port)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().put("JAVA_OPTS_APPEND", "-Xmx512m -XX:TieredStopAtLevel=1");
      return new Keycloak(
          builder.start(), URI.create("http://localhost:" + port + "/realms/" + name), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy for each realm: Keycloak builds into its own folder when it starts. */
  private static Path home(String realm) throws IOException {
    Path copy = FOLDER.resolve("of-" + realm);
    if (Files.isDirectory(copy)) {
      return copy;
    }
    if (Files.isDirectory(FOLDER)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(FOLDER, "keycloak-[0-9]*")) {
        for (Path home : found) {
          Path part = FOLDER.resolve("part-of-" + realm);
          Command.run(
              Duration.ofMinutes(2),
              Map.of(),
              List.of("cp", "-aT", home.toString(), part.toString()));
          return Files.move(part, copy);
        }
      }
    }
    throw new AssertionError(
        "Keycloak is not in "
            + FOLDER
            + ": mvn verify puts it there (the first time from the network)");
  }

  public URI issuer() {
    return issuer;
  }

  public void awaitReady() {
    Await.until("Keycloak is ready; see " + log, PATIENCE, () -> process.isAlive() && isReady());
  }

  private boolean isReady() {
    return isFine(HttpRequest.newBuilder(URI.create(issuer + "/.well-known/openid-configuration")));
  }

  /**
   * Waits until it gives tokens quickly: its first answers can take longer, on a busy machine, than
   * our server waits for a provider.
   *
   * @param grant the form of a request for tokens that it grants
   */
  public void awaitQuick(String grant) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(issuer + "/protocol/openid-connect/token"))
            .timeout(QUICK)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(grant));
    Await.until("Keycloak is quick; see " + log, PATIENCE, () -> isFine(request));
  }

  /** The same in the realm of people, by the login of {@code anna}. */
  void awaitQuick() {
    awaitQuick(
        "grant_type=password&scope=openid&client_id=spinor&username=anna&password=" + PASSWORD);
  }

  private boolean isFine(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    children.forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private static final String REALM =
      """
      {"realm": "spinor", "enabled": true,
       "clients": [{"clientId": "spinor", "publicClient": true, "standardFlowEnabled": true, "directAccessGrantsEnabled": true,
         "redirectUris": ["http://localhost:*"],
         "attributes": {"pkce.code.challenge.method": "S256"},
         "protocolMappers": [{"name": "groups", "protocol": "openid-connect",
           "protocolMapper": "oidc-group-membership-mapper",
           "config": {"claim.name": "groups", "full.path": "true", "id.token.claim": "true"}}]}],
       "groups": [{"name": "biomed"}],
       "users": [
         {"username": "anna", "enabled": true, "email": "anna@example.org", "firstName": "Anna",
          "lastName": "A", "groups": ["/biomed"],
          "credentials": [{"type": "password", "value": "not-a-secret"}]},
         {"username": "stranger", "enabled": true, "email": "s@example.org", "firstName": "S",
          "lastName": "S", "credentials": [{"type": "password", "value": "not-a-secret"}]}]}
      """;
}
