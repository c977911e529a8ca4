package org.spinor.server.identity.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spinor.api.AttemptId;
import org.spinor.server.SpinorServer;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.identity.people.Person;
import org.spinor.server.identity.tokens.Tokens;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;

/** All rooms on a real port and a database of their own, for two VOs. */
final class WholeServer implements AutoCloseable {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final String CONFIGURATION =
      """
      DIRAC: {NoSetup: true}
      Operations:
        Defaults:
          Services: {JobMonitoring: {GlobalJobsInfo: false}}
      Registry:
        earth:
          DefaultGroup: users
          Users: {s-alice: {PreferedUsername: alice}, s-bob: {PreferedUsername: bob}}
          Groups: {users: {Properties: [NormalUser], Users: [s-alice, s-bob]}}
        mars:
          DefaultGroup: users
          Users: {s-carol: {PreferedUsername: carol}}
          Groups: {users: {Properties: [NormalUser], Users: [s-carol]}}
      Resources:
        Sites:
          LCG.Nowhere.org:
            CEs: {vac: {CEType: Vacuum, Queues: {desks: {CPUTime: 1000}}}}
      """;

  final TestDatabase database = TestDatabase.fresh();
  private final HttpClient http = HttpClient.newHttpClient();
  private final ConfigurableApplicationContext context;
  private final Tokens tokens;
  private final URI address;

  WholeServer(Path data) {
    SpringApplication application = new SpringApplication(SpinorServer.class);
    application.setBeanNameGenerator(FullyQualifiedAnnotationBeanNameGenerator.INSTANCE);
    application.setDefaultProperties(
        Map.of(
            "spinor.data", data.toString(),
            "spinor.config", configuration(data),
            "spinor.db-url", database.url(),
            "server.port", 0,
            "server.tomcat.basedir", data.resolve("tmp").toString()));
    context = application.run();
    tokens = context.getBean(Tokens.class);
    address =
        URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port"));
  }

  private static String configuration(Path data) {
    try {
      return Files.writeString(data.resolve("configuration.yml"), CONFIGURATION).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  String person(String vo, String username, Set<String> properties) {
    return tokens.forPerson(
        new Person(vo + ":s-" + username, username, vo, "users", properties), LIFE);
  }

  String pilot(String vo, String stamp) {
    return tokens.forPilot(vo, stamp, LIFE, false);
  }

  String payload(AttemptId attempt, String vo, String owner) {
    return tokens.forPayload(attempt, "stamp-of-payload", vo, owner, "users", LIFE, false);
  }

  HttpResponse<String> send(
      String method, String path, @Nullable String token, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(path))
            .header("Content-Type", contentType(method, path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String contentType(String method, String path) {
    boolean yaml =
        path.equals("/api/config/check") || (method.equals("PUT") && path.equals("/api/config/"));
    return yaml || path.matches(".*/log\\?.*") ? "text/plain" : "application/json";
  }

  @Override
  public void close() {
    context.close();
    database.close();
  }
}
