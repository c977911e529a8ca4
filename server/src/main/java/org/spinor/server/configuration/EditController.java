package org.spinor.server.configuration;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ConfigurationEdit;
import org.spinor.api.ConfigurationImport;
import org.spinor.server.configuration.ConfigurationEditor.Edited;
import org.spinor.server.configuration.ConfigurationEditor.Setting;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Changes the configuration: a new version with author and reason, or a refusal. */
@RestController
@RequestMapping("/api/config")
@Tag(name = "config")
final class EditController {
  private final ConfigurationEditor editor;

  EditController(ConfigurationEditor editor) {
    this.editor = editor;
  }

  @PutMapping(
      value = "/",
      consumes = {"text/yaml", "application/yaml", "application/x-yaml", "text/plain"})
  @Operation(
      summary = "Replaces the whole text (YAML)",
      description =
          "If-Match has the revision that the text was made from (ETag of GET /api/config/text), or * for whatever there is; 412 where somebody was faster. With merge=true both changes become one text, unless they are in the same lines.")
  ResponseEntity<ConfigurationEdit.Done> replaceConfig(
      Author author,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @RequestParam(required = false) @Nullable String reason,
      @RequestParam(defaultValue = "false") boolean merge,
      @RequestBody(required = false) @Nullable String text) {
    String expected =
        tag(ifMatch)
            .orElseThrow(
                () ->
                    ConfigurationEditor.refusal(
                        "If-Match: expected the revision that the text was made from, the ETag of GET /api/config/text; or *"));
    return done(editor.replace(author, reason, expected, text == null ? "" : text, merge));
  }

  @PatchMapping("/")
  @Operation(
      summary = "Changes single places of the text and nothing else in it",
      description =
          "With If-Match (the revision that the caller has seen) 412 where one of the places was changed since.")
  ResponseEntity<ConfigurationEdit.Done> editConfig(
      Author author,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @RequestBody ConfigurationEdit edit) {
    return done(
        editor.set(
            author,
            edit.reason(),
            tag(ifMatch).filter(tag -> !tag.equals("*")),
            edit.changes().stream()
                .map(setting -> new Setting(setting.path(), setting.value()))
                .toList()));
  }

  @PostMapping("/rollback")
  @Operation(summary = "Makes the text of an older version the newest one again")
  ResponseEntity<ConfigurationEdit.Done> rollbackConfig(
      Author author, @RequestBody ConfigurationEdit.Rollback rollback) {
    return done(editor.rollback(author, rollback.reason(), rollback.revision()));
  }

  @PostMapping("/import")
  @Operation(
      summary = "What a DIRAC cfg would be here, and what of it cannot be taken; changes nothing")
  ConfigurationImport.Imported importConfig(@RequestBody ConfigurationImport request) {
    return CfgImport.of(request);
  }

  private static ResponseEntity<ConfigurationEdit.Done> done(Edited edited) {
    return ResponseEntity.ok()
        .header(HttpHeaders.ETAG, edited.version().revision())
        .body(
            new ConfigurationEdit.Done(
                edited.version().revision(), VersionDesk.told(edited.changes())));
  }

  private static Optional<String> tag(@Nullable String header) {
    return Optional.ofNullable(header)
        .map(text -> (text.startsWith("W/") ? text.substring(2) : text).replace("\"", "").strip())
        .filter(text -> !text.isEmpty());
  }
}
