package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Logs in through a real Keycloak, with plain forms. Its distribution (180 MB) is fetched by {@code
 * -Pkeycloak} alone; without it this suite is passed over.
 */
class KeycloakIT {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();
  private static final Path CACHE = HOME.resolve("it/target/keycloak");
  private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
  private static final Pattern FORM = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");
  private static final Pattern TOKEN = Pattern.compile("\"(\\w+)\" *: *\"?([^\",}]+)");
  private static @Nullable Process keycloak;
  private static @Nullable ServerProcess running;

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> cookies = new LinkedHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    Path zip = CACHE.resolve("keycloak.zip");
    assumeThat(zip).as("Keycloak: mvn verify -Pkeycloak").exists();
    Path home = unpacked(zip);
    Files.createDirectories(home.resolve("data/import"));
    Files.writeString(home.resolve("data/import/spinor.json"), REALM);
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--import-realm",
                "--db=dev-mem",
                "--http-port=" + port)
            .redirectErrorStream(true)
            .redirectOutput(CACHE.resolve("keycloak.log").toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS_APPEND", "-Xmx512m");
    Process provider = builder.start();
    keycloak = provider;
    URI issuer = URI.create("http://localhost:" + port + "/realms/spinor");
    HttpClient asking = HttpClient.newHttpClient();
    Await.until(
        "Keycloak is ready; see " + CACHE.resolve("keycloak.log"),
        Duration.ofMinutes(3),
        () -> provider.isAlive() && answers(asking, issuer));
    running = ServerProcess.withConfiguration(configuration(issuer));
  }

  private static Path unpacked(Path zip) throws Exception {
    Path home = CACHE.resolve("home");
    if (!Files.exists(home)) {
      Process unzip =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "jar").toString(),
                  "--extract",
                  "--file",
                  zip.toString())
              .directory(CACHE.toFile())
              .inheritIO()
              .start();
      assertThat(unzip.waitFor()).isZero();
      try (var folders = Files.newDirectoryStream(CACHE, "keycloak-[0-9]*")) {
        Files.move(folders.iterator().next(), home);
      }
      assertThat(home.resolve("bin/kc.sh").toFile().setExecutable(true)).isTrue();
    }
    return home;
  }

  private static boolean answers(HttpClient http, URI issuer) {
    try {
      return http.send(
                  HttpRequest.newBuilder(URI.create(issuer + "/.well-known/openid-configuration"))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void stop() throws Exception {
    ServerProcess server = running;
    if (server != null) {
      server.close();
    }
    Process provider = keycloak;
    if (provider != null) {
      provider.descendants().forEach(ProcessHandle::destroy);
      provider.destroy();
      assertThat(provider.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static URI address(String path) {
    return Objects.requireNonNull(running).url().resolve(path);
  }

  @Test
  void deviceOfAMemberOfAGroupIsLoggedIn() throws Exception {
    Map<String, String> device = startDevice();
    Page question = throughKeycloak(field(device, "verification_uri_complete"), "anna");
    assertThat(question.status()).as(question.text()).isEqualTo(200);
    assertThat(question.text()).contains("anna", field(device, "user_code").substring(0, 4));
    assertThat(poll(device).text()).contains("authorization_pending");
    Map<String, String> yes = hidden(question);
    yes.put("answer", "allow");
    Page end = submit(question, yes);
    assertThat(end.address().getPath()).isEqualTo("/api/auth/device/complete/finished");
    Page tokens = poll(device);
    assertThat(tokens.status()).as(tokens.text()).isEqualTo(200);
    Api anna = new Api(address("/"), field(fields(tokens.text()), "access_token"));
    assertThat(anna.status("GET", "/api/auth/userinfo", null)).isEqualTo(200);
    assertThat(
            form(
                    "/api/auth/token",
                    Map.of(
                        "grant_type", "refresh_token",
                        "client_id", "myDIRACClientID",
                        "refresh_token", field(fields(tokens.text()), "refresh_token")))
                .status())
        .isEqualTo(200);
  }

  @Test
  void whoIsInNoGroupIsTurnedAway() throws Exception {
    Map<String, String> device = startDevice();
    Page end = throughKeycloak(field(device, "verification_uri_complete"), "stranger");
    assertThat(end.status()).isEqualTo(403);
    assertThat(end.text()).contains("is not registered in the VO spinor");
    assertThat(poll(device).status()).isEqualTo(403);
  }

  private record Page(int status, URI address, String location, String text) {}

  private Map<String, String> startDevice() throws Exception {
    Page answer =
        send(
            HttpRequest.newBuilder(
                    address("/api/auth/device?client_id=myDIRACClientID&scope=vo:spinor"))
                .POST(HttpRequest.BodyPublishers.noBody()));
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return fields(answer.text());
  }

  private Page poll(Map<String, String> device) throws Exception {
    return form(
        "/api/auth/token",
        Map.of(
            "grant_type",
            DEVICE_GRANT,
            "client_id",
            "myDIRACClientID",
            "device_code",
            field(device, "device_code")));
  }

  private Page throughKeycloak(String address, String user) throws Exception {
    Page login = follow(send(HttpRequest.newBuilder(URI.create(address))));
    assertThat(login.address().getPath()).startsWith("/realms/spinor/");
    assertThat(login.text()).contains("kc-form-login");
    return submit(login, Map.of("username", user, "password", "not-a-secret"));
  }

  private Page submit(Page page, Map<String, String> fields) throws Exception {
    Matcher form = FORM.matcher(page.text());
    assertThat(form.find()).isTrue();
    URI action = page.address().resolve(form.group(1).replace("&amp;", "&"));
    return follow(send(posted(action, fields)));
  }

  private static Map<String, String> hidden(Page page) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher field = HIDDEN.matcher(page.text());
    while (field.find()) {
      fields.put(field.group(1), field.group(2));
    }
    return fields;
  }

  private Page form(String path, Map<String, String> fields) throws Exception {
    return send(posted(address(path), fields));
  }

  private static HttpRequest.Builder posted(URI address, Map<String, String> fields) {
    return HttpRequest.newBuilder(address)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                fields.entrySet().stream()
                    .map(
                        field ->
                            field.getKey()
                                + "="
                                + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"))));
  }

  private Page follow(Page first) throws Exception {
    Page page = first;
    for (int i = 0; i < 10 && page.status() / 100 == 3; i++) {
      page = send(HttpRequest.newBuilder(page.address().resolve(page.location())));
    }
    return page;
  }

  private Page send(HttpRequest.Builder request) throws Exception {
    request.header("Accept", "text/html,*/*;q=0.8");
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    HttpRequest sent = request.build();
    HttpResponse<String> answer = http.send(sent, HttpResponse.BodyHandlers.ofString());
    for (String cookie : answer.headers().allValues("set-cookie")) {
      String[] pair = cookie.split(";", 2)[0].split("=", 2);
      cookies.put(pair[0], pair[1]);
    }
    return new Page(
        answer.statusCode(),
        sent.uri(),
        answer.headers().firstValue("location").orElse(""),
        answer.body());
  }

  private static String field(Map<String, String> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }

  private static Map<String, String> fields(String json) {
    Map<String, String> fields = new LinkedHashMap<>();
    Matcher field = TOKEN.matcher(json);
    while (field.find()) {
      fields.put(field.group(1), field.group(2));
    }
    return fields;
  }

  private static String configuration(URI issuer) {
    return """
      DIRAC:
        NoSetup: true
      Registry:
        spinor:
          IdP:
            URL: %s
            ClientID: spinor
            GroupsClaim: groups
            Groups: {user: [/biomed]}
          DefaultGroup: user
          Users: {}
          Groups:
            user: {Properties: [NormalUser], Users: []}
      """
        .formatted(issuer);
  }

  private static final String REALM =
      """
      {"realm": "spinor", "enabled": true,
       "clients": [{"clientId": "spinor", "publicClient": true, "standardFlowEnabled": true,
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
