package org.spinor.server.configuration;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ConfigurationChange;
import org.spinor.api.ConfigurationState;
import org.spinor.api.ConfigurationVersion;
import org.spinor.server.configuration.ConfigurationSource.Version;
import org.spinor.server.web.WireJson;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows which versions of the configuration there were. The texts themselves have comments and
 * secrets in them: they are only for those who may change them.
 */
@RestController
@RequestMapping("/api/config")
@Tag(name = "config")
final class VersionController {
  private final VersionDesk desk;

  /**
   * One version.
   *
   * @param document as {@code GET /api/config/} would serve it; null: it is not valid
   */
  record VersionView(
      ConfigurationVersion version,
      @JsonProperty("document") @Nullable Map<String, Object> document) {}

  VersionController(VersionDesk desk) {
    this.desk = desk;
  }

  @GetMapping("/state")
  @Operation(summary = "Where the configuration comes from, and whether its newest version is good")
  ConfigurationState state() {
    return desk.state();
  }

  @GetMapping("/history")
  @Operation(summary = "The versions of the configuration, newest first")
  ConfigurationVersion.Page history(
      @RequestParam(defaultValue = "1") int page,
      @RequestParam(name = "per_page", defaultValue = "20") int perPage) {
    return desk.history(page, perPage);
  }

  @GetMapping("/history/{revision}")
  @Operation(summary = "One version, every default written out")
  VersionView version(@PathVariable String revision) {
    GitHistory.Entry entry = desk.entry(revision);
    Draft draft = Draft.of(entry.version().text());
    return new VersionView(
        desk.told(entry), draft.problems().isEmpty() ? document(draft, entry.version()) : null);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> document(Draft draft, Version version) {
    return WireJson.mapper()
        .convertValue(
            draft.toConfiguration(version.revision(), version.changed()).document(), Map.class);
  }

  @GetMapping("/diff")
  @Operation(summary = "The places that differ between two versions; without any: the last change")
  ConfigurationChange.Diff diff(
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to) {
    return desk.diff(desk.pair(from, to));
  }

  @GetMapping(value = "/diff/text", produces = "text/plain;charset=UTF-8")
  @Operation(summary = "The lines that differ between two versions, as diff -u shows them")
  @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(type = "string")))
  String unified(
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to) {
    return desk.unified(desk.pair(from, to));
  }

  @GetMapping(value = "/text", produces = "text/yaml;charset=UTF-8")
  @Operation(summary = "The newest version, or that of a revision, as it was written")
  @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(type = "string")))
  String text(
      @RequestParam(required = false) @Nullable String revision, HttpServletResponse response) {
    Version version = desk.version(revision);
    // written by hand, as for the document: without the quotes that Spring would add
    response.setHeader(HttpHeaders.ETAG, version.revision());
    response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
    return version.text();
  }
}
