package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/** The doors of a server: discovery, health, errors, the OpenAPI document, the page. */
class InterfaceIT {
  private static ServerProcess server;
  private static Api nobody;

  @BeforeAll
  static void start() {
    server = ServerProcess.start();
    nobody = Api.anonymous(server.url());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void discoveryHasTheKeysThatClientsIndex() {
    JsonNode discovery = nobody.ok("GET", "/.well-known/openid-configuration", null);
    assertThat(discovery.propertyNames())
        .contains(
            "issuer",
            "token_endpoint",
            "userinfo_endpoint",
            "authorization_endpoint",
            "device_authorization_endpoint",
            "revocation_endpoint",
            "jwks_uri",
            "grant_types_supported",
            "scopes_supported",
            "response_types_supported",
            "code_challenge_methods_supported");
    JsonNode vos =
        nobody.ok("GET", "/.well-known/dirac-metadata", null).path("virtual_organizations");
    assertThat(vos.path("spinor").path("default_group").asString()).isEqualTo("user");
  }

  @Test
  void healthSaysWhatProbesExpect() {
    assertThat(nobody.ok("GET", "/api/health/live", null).path("status").asString())
        .isEqualTo("live");
    assertThat(nobody.ok("GET", "/api/health/ready", null).path("status").asString())
        .isEqualTo("ready");
    assertThat(nobody.ok("GET", "/api/health/startup", null).path("status").asString())
        .isEqualTo("startup complete");
  }

  @Test
  void errorsCarryADetail() {
    var answer = nobody.call("GET", "/api/auth/userinfo", null);
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("Authorization header is missing");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    Api garbled = new Api(server.url(), "not.a.token");
    assertThat(garbled.call("GET", "/api/auth/userinfo", null).body()).contains("Invalid JWT");
    assertThat(nobody.status("GET", "/api/no/such/route", null)).isIn(401, 404);
  }

  @Test
  void theAdministratorOfTheFirstStartLogsIn() throws Exception {
    String password = Files.readString(server.data().resolve("secrets/admin-password")).strip();
    assertThat(
            Files.getPosixFilePermissions(server.data().resolve("secrets/admin-password"))
                .toString())
        .doesNotContain("GROUP", "OTHERS");
    String form =
        "grant_type=password&client_id=myDIRACClientID&username=admin&password="
            + password
            + "&scope=vo:spinor";
    var request =
        nobody
            .transport()
            .request("/api/auth/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    JsonNode tokens = Json.tree(nobody.transport().send(request).body());
    assertThat(tokens.path("expires_in").asInt()).isGreaterThan(315);
    Api admin = new Api(server.url(), tokens.path("access_token").asString());
    JsonNode me = admin.ok("GET", "/api/auth/userinfo", null);
    assertThat(me.path("vo").asString()).isEqualTo("spinor");
    assertThat(me.path("preferred_username").asString()).isEqualTo("admin");
  }

  @Test
  void theOpenApiDocumentHasTheRoutesOfTheRoutesPage() throws Exception {
    JsonNode paths = nobody.ok("GET", "/api/openapi.json", null).path("paths");
    Set<String> wrong = new TreeSet<>();
    int seen = 0;
    for (String line :
        Files.readAllLines(
            Path.of(System.getProperty("spinor.home"), "docs/developer/routes.md"))) {
      var route = Pattern.compile("`(GET|POST|PATCH|DELETE) (/api/[^`?, ]*)").matcher(line);
      while (line.startsWith("|") && route.find()) {
        seen++;
        String shape = shape(route.group(2));
        boolean there = false;
        for (var path : paths.properties()) {
          there |=
              shape(path.getKey()).equals(shape)
                  && path.getValue().has(route.group(1).toLowerCase(Locale.ROOT));
        }
        if (there == line.contains("not in the OpenAPI document")) {
          wrong.add(route.group());
        }
      }
    }
    assertThat(seen).isGreaterThan(25);
    assertThat(wrong).isEmpty();
  }

  private static String shape(String path) {
    return path.replaceAll("\\{[^}]*}", "{}").replaceAll("/$", "");
  }

  @Test
  void thePageIsThere() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/"))
            .header("Accept", "text/html")
            .build();
    HttpResponse<String> page;
    try (HttpClient browser = HttpClient.newHttpClient()) {
      page = browser.send(request, HttpResponse.BodyHandlers.ofString());
    }
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("Spinor");
  }

  @Test
  void aDataFolderHasOneServer() {
    // a lock that only a local variable held would be closed by the collector
    server.collectGarbage();
    server.collectGarbage();
    assertThat(server.secondServer()).contains("is in use by another Spinor server").endsWith("1");
    assertThat(nobody.status("GET", "/api/health/ready", null)).isEqualTo(200);
  }
}
