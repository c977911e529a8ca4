package org.spinor.server.web;

import io.swagger.v3.oas.annotations.Hidden;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The OpenAPI document for people: Swagger UI, which acts with the login of the page. */
@Hidden
@RestController
final class DocsController {
  private static final String RELEASE = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
  private final String page =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Spinor: routes</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="/webjars/swagger-ui/%1$s/swagger-ui.css">
      <script src="/webjars/swagger-ui/%1$s/swagger-ui-bundle.js" defer></script>
      <script src="/docs.js" type="module"></script>
      </head>
      <body>
      <p><a href="/">Log in</a> to try routes out as yourself.</p>
      <div id="docs"></div>
      </body>
      </html>
      """
          .formatted(release());

  @GetMapping(path = "/api/docs", produces = MediaType.TEXT_HTML_VALUE)
  String docs() {
    return page;
  }

  private static String release() {
    try (InputStream input =
        Objects.requireNonNull(DocsController.class.getResourceAsStream(RELEASE), RELEASE)) {
      Properties properties = new Properties();
      properties.load(input);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
