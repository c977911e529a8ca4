package org.spinor.server.identity;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.DataFolder;
import org.spinor.server.database.TestDatabase;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.access.ProbeTables;
import org.spinor.server.identity.providers.IdentityProviders;
import org.spinor.server.identity.providers.TestProviders;
import org.spinor.server.web.WireJson;
import org.spinor.slice.ProbeController;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** The rooms identity and web on a real port, with a few routes of the test's. */
public final class Slice implements AutoCloseable {
  public static final String ISSUER = "https://spinor.example.org";

  public final FixedConfigurations configurations = FixedConfigurations.earthAndMars();
  public final MovingClock clock = new MovingClock();
  public final TestDatabase database = TestDatabase.fresh();
  private final ConfigurableApplicationContext context;
  private final URI address;
  private final HttpClient http = HttpClient.newHttpClient();

  /** An answer with its body, as JSON where it is. */
  public record Answer(int status, Map<String, String> headers, String text) {
    public JsonNode json() {
      return WireJson.mapper().readTree(text);
    }

    public String detail() {
      return json().path("detail").asString("");
    }

    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  @EnableAutoConfiguration
  @ConfigurationPropertiesScan({"org.spinor.server.identity", "org.spinor.server.web"})
  @ComponentScan(
      basePackages = {"org.spinor.server.identity", "org.spinor.server.web"},
      excludeFilters = @ComponentScan.Filter(type = FilterType.CUSTOM, classes = FromTests.class))
  @Import({ProbeController.class, ProbeTables.class})
  static class Wiring {}

  public Slice(Path data) {
    this(data, Map.of());
  }

  public Slice(Path data, Map<String, Object> properties) {
    SpringApplication application = new SpringApplication(Wiring.class);
    application.setAllowBeanDefinitionOverriding(true);
    Map<String, Object> all = new TreeMap<>(properties);
    all.put("server.port", "0");
    all.put("spinor.issuer", ISSUER);
    all.put("server.tomcat.basedir", data + "/tmp");
    application.setDefaultProperties(all);
    application.addInitializers(
        fresh -> {
          GenericApplicationContext beans = (GenericApplicationContext) fresh;
          beans.registerBean(DataFolder.class, () -> new DataFolder(data));
          beans.registerBean(JdbcClient.class, database::jdbc);
          beans.registerBean(DataSource.class, database::dataSource);
          beans.registerBean(Transactions.class, database::transactions);
          beans.registerBean(Configurations.class, () -> configurations);
          beans.registerBean("clock", Clock.class, () -> clock);
          // by the name that the scan would give it, so that it takes that one's place
          beans.registerBean(
              "identityProviders",
              IdentityProviders.class,
              () -> TestProviders.patient(new DataFolder(data)));
          beans.registerBean(
              PilotSecrets.class,
              () ->
                  (stamp, secret) ->
                      stamp.equals("stamp-1") && secret.equals("s3cret")
                          ? Optional.of("earth")
                          : Optional.empty());
        });
    context = application.run();
    address =
        URI.create(
            "http://localhost:"
                + context.getEnvironment().getRequiredProperty("local.server.port"));
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public String base() {
    return address.toString();
  }

  public Answer send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    return new Answer(answer.statusCode(), headers, answer.body());
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + path));
  }

  public Answer get(String path, String token) throws Exception {
    return send(request(path).header("Authorization", "Bearer " + token));
  }

  public Answer form(String path, String body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  public Answer json(String path, String body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  @Override
  public void close() {
    context.close();
    database.close();
  }
}
