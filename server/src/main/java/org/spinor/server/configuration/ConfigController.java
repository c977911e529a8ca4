package org.spinor.server.configuration;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spinor.server.web.WireJson;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the configuration to clients and pilots, and tells whether another one would do. */
@RestController
@RequestMapping("/api/config")
@Tag(name = "config")
final class ConfigController {
  private static final Pattern TAGS = Pattern.compile("\\s*,\\s*");

  private final Configurations configurations;
  private final ObjectProvider<ElementCheck> elements;
  private final AtomicReference<Served> served = new AtomicReference<>(new Served("", ""));

  /** The document as text, made once for each version. */
  private record Served(String revision, String body) {}

  /**
   * Whether a configuration would be taken.
   *
   * @param problems {@code path: what is wrong, what is allowed}; with any, it is not taken
   * @param warnings the same of parameters of computing elements: it is taken, and these queues get
   *     no pilots
   */
  record Verdict(
      @JsonProperty("valid") boolean valid, List<String> problems, List<String> warnings) {}

  ConfigController(Configurations configurations, ObjectProvider<ElementCheck> elements) {
    this.configurations = configurations;
    this.elements = elements;
  }

  @GetMapping(value = "/", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(summary = "The configuration in force, every default written out")
  @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(type = "object")))
  @ApiResponse(responseCode = "304", description = "The caller has it", content = @Content)
  void serveConfig(
      @RequestHeader(name = "If-None-Match", required = false) @Nullable String ifNoneMatch,
      @RequestHeader(name = "If-Modified-Since", required = false) @Nullable String ifModifiedSince,
      HttpServletResponse response)
      throws IOException {
    Configuration current = configurations.current();
    // Written by hand: DiracX's clients know the tag without the quotes that Spring would add.
    response.setHeader(HttpHeaders.ETAG, current.revision());
    response.setHeader(
        HttpHeaders.LAST_MODIFIED,
        DateTimeFormatter.RFC_1123_DATE_TIME.format(current.changed().atZone(ZoneOffset.UTC)));
    response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    if (isKnown(current, ifNoneMatch, ifModifiedSince)) {
      response.setStatus(HttpStatus.NOT_MODIFIED.value());
      return;
    }
    byte[] body = body(current);
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  @PostMapping(
      value = "/check",
      consumes = {"text/yaml", "application/yaml", "application/x-yaml", "text/plain"})
  @Operation(summary = "Whether a configuration (YAML) would be taken, with all its problems")
  Verdict check(@RequestBody(required = false) @Nullable String text) {
    Draft draft = Draft.of(text == null ? "" : text);
    if (!draft.problems().isEmpty()) {
      return new Verdict(false, draft.problems(), List.of());
    }
    Configuration wanted = draft.toConfiguration("draft", Instant.EPOCH);
    List<String> warnings =
        elements.stream().flatMap(check -> check.problems(wanted.resources()).stream()).toList();
    return new Verdict(true, List.of(), warnings);
  }

  private byte[] body(Configuration current) {
    Served last = served.get();
    if (!last.revision().equals(current.revision())) {
      last =
          new Served(current.revision(), WireJson.mapper().writeValueAsString(current.document()));
      served.set(last);
    }
    return last.body().getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isKnown(
      Configuration current, @Nullable String ifNoneMatch, @Nullable String ifModifiedSince) {
    if (ifNoneMatch != null) {
      for (String tag : TAGS.split(ifNoneMatch.strip())) {
        String plain = (tag.startsWith("W/") ? tag.substring(2) : tag).replace("\"", "");
        if (plain.equals(current.revision()) || plain.equals("*")) {
          return true;
        }
      }
    }
    return time(ifModifiedSince)
        .map(since -> !current.changed().truncatedTo(ChronoUnit.SECONDS).isAfter(since))
        .orElse(false);
  }

  private static Optional<Instant> time(@Nullable String header) {
    if (header == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
