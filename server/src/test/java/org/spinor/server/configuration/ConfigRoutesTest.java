package org.spinor.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.spinor.server.web.WireJson;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

class ConfigRoutesTest {
  private static final String REVISION = "bb57ecf7c03058b4441f542c9da77c1d91144236";
  private static final String TEXT =
      """
      Registry:
        lhcb:
          DefaultGroup: user
          Users: {}
          Groups: {user: {Properties: [NormalUser, JobSharing], Users: []}}
      """;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static ConfigurableApplicationContext context =
      new SpringApplicationBuilder(Slice.class)
          .properties("server.port=0", "spring.config.location=optional:none/")
          .run();

  @ImportAutoConfiguration({
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    JacksonAutoConfiguration.class
  })
  @Import(ConfigController.class)
  static class Slice {
    @Bean
    Configurations configurations() {
      Configuration current =
          Draft.of(TEXT).toConfiguration(REVISION, Instant.parse("2026-11-21T02:34:12Z"));
      return new Configurations() {
        @Override
        public Configuration current() {
          return current;
        }

        @Override
        public void onChange(Runnable action) {
          // never changes
        }
      };
    }
  }

  @AfterAll
  static void close() {
    context.close();
  }

  @Test
  void servesTheDocumentWithAPlainTagAndItsTime() throws Exception {
    HttpResponse<String> answer = get();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("ETag")).hasValue(REVISION);
    assertThat(answer.headers().firstValue("Last-Modified"))
        .hasValue("Sat, 21 Nov 2026 02:34:12 GMT");
    JsonNode document = WireJson.mapper().readTree(answer.body());
    assertThat(
            document
                .path("Registry")
                .path("lhcb")
                .path("Groups")
                .path("user")
                .path("Properties")
                .toString())
        .isEqualTo("[\"JobSharing\",\"NormalUser\"]");
  }

  @Test
  void answersNotModifiedToAllFormsOfTheTag() throws Exception {
    for (String tag :
        new String[] {
          REVISION,
          "\"" + REVISION + "\"",
          "W/\"" + REVISION + "\"",
          "\"x\", \"" + REVISION + "\"",
          "*"
        }) {
      HttpResponse<String> answer = get("If-None-Match", tag);
      assertThat(answer.statusCode()).as(tag).isEqualTo(304);
      assertThat(answer.body()).isEmpty();
      assertThat(answer.headers().firstValue("ETag")).hasValue(REVISION);
    }
    assertThat(get("If-None-Match", "other").statusCode()).isEqualTo(200);
  }

  @Test
  void answersNotModifiedByTime() throws Exception {
    assertThat(get("If-Modified-Since", "Sat, 21 Nov 2026 02:34:12 GMT").statusCode())
        .isEqualTo(304);
    assertThat(get("If-Modified-Since", "Sat, 21 Nov 2026 02:34:11 GMT").statusCode())
        .isEqualTo(200);
    assertThat(get("If-Modified-Since", "yesterday").statusCode()).isEqualTo(200);
  }

  @Test
  void checksAConfiguration() throws Exception {
    assertThat(check(TEXT, "text/yaml").body())
        .isEqualTo("{\"valid\":true,\"problems\":[],\"warnings\":[]}");
    assertThat(check(TEXT.replace("Properties", "Propertis"), "text/plain").body())
        .contains("\"valid\":false")
        .contains("Registry.lhcb.Groups.user.Propertis: unknown key; did you mean Properties?");
    assertThat(check("", "text/yaml").body()).contains("\"valid\":false");
    assertThat(check(TEXT.replace("lhcb", "größe"), "text/yaml").body()).contains("größe");
  }

  private static URI at(String path) {
    return URI.create(
        "http://localhost:"
            + context.getEnvironment().getRequiredProperty("local.server.port")
            + path);
  }

  private static HttpResponse<String> get(String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(at("/api/config/"));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> check(String text, String type)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(at("/api/config/check"))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(text))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
