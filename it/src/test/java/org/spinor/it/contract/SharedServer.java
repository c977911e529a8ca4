package org.spinor.it.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.spinor.it.Api;
import org.spinor.it.ServerProcess;

/** One server without pilots for all suites of this package; ends with the last of them. */
final class SharedServer implements AutoCloseable {
  /** The people that the suites act as, {@code user:group}. */
  static final List<String> PEOPLE = List.of("carla:user", "dan:user", "anna:admin", "pia:pilot");

  /** With a site whose queue never gets a pilot, so that jobs stay as they are. */
  private static final String CONFIGURATION =
      """
      DIRAC: {}
      Registry:
        spinor:
          DefaultGroup: user
          Users:
            carla: {PreferedUsername: carla}
            dan: {PreferedUsername: dan}
            anna: {PreferedUsername: anna}
            pia: {PreferedUsername: pia}
          Groups:
            user: {Properties: [NormalUser], Users: [carla, dan]}
            admin:
              Properties: [NormalUser, JobAdministrator, ServiceAdministrator, Operator, SiteManager, CSAdministrator]
              Users: [anna]
            pilot: {Properties: [GenericPilot], Users: [pia]}
      Resources:
        Sites:
          LCG.There.org: {}
          LCG.Here.org:
            CEs:
              ce.here.org:
                CEType: Local
                Queues:
                  default: {CPUTime: 500000, NumberOfProcessors: 8, MaxRAM: 16000, MaxTotalPilots: 0, IdlePilots: 0}
      """;

  private static final int FOREIGN_PORT = ServerProcess.freePort();

  /** Where a web page of another origin may log in from. */
  static final URI FOREIGN_PAGE = URI.create("http://localhost:" + FOREIGN_PORT);

  private final ServerProcess server = fresh();
  private final Map<String, String> tokens = new ConcurrentHashMap<>();

  /** Another one with the same configuration, that nobody shares. */
  static ServerProcess fresh() {
    return fresh("");
  }

  /**
   * @param sites that it has besides
   */
  static ServerProcess fresh(String sites) {
    return ServerProcess.withConfiguration(
        CONFIGURATION + sites,
        Map.of(
            "SPINOR_REDIRECTS", FOREIGN_PAGE + "/#authentication-callback",
            "SPINOR_CORSORIGINS", "http://localhost:3000," + FOREIGN_PAGE));
  }

  /** Gives it to tests that ask for it. */
  static final class Given implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == SharedServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(SharedServer.class, key -> new SharedServer(), SharedServer.class);
    }
  }

  URI url() {
    return server.url();
  }

  /** The password of the first administrator, {@code anna}. */
  String password() {
    try {
      return Files.readString(server.data().resolve("secrets/admin-password")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void assertNoSecretsInLogs() {
    LogSecrets.assertNone(server, password());
  }

  Path data() {
    return server.data();
  }

  Api nobody() {
    return Api.anonymous(server.url());
  }

  Api as(String group, String user) {
    return new Api(server.url(), token(group, user));
  }

  /** A token made on the server's host; the same one for the same person. */
  String token(String group, String user) {
    return tokens.computeIfAbsent(group + " " + user, any -> server.token(group, user));
  }

  @Override
  public void close() {
    server.close();
  }
}
