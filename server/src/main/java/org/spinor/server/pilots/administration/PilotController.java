package org.spinor.server.pilots.administration;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spinor.api.PilotMetadata;
import org.spinor.server.database.SearchPage;
import org.spinor.server.database.SearchRequest;
import org.spinor.server.identity.Caller;
import org.spinor.server.pilots.life.PilotRegistration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The pilot routes of DiracX. */
@RestController
@RequestMapping("/api/pilots")
final class PilotController {
  private final PilotAdministration administration;
  private final PilotSearch search;

  PilotController(PilotAdministration administration, PilotSearch search) {
    this.administration = administration;
    this.search = search;
  }

  @PostMapping("/")
  @ApiResponse(responseCode = "201", content = @Content(schema = @Schema(type = "null")))
  ResponseEntity<String> registerPilot(Caller caller, @RequestBody PilotRegistration pilot) {
    administration.register(caller, pilot);
    return ResponseEntity.status(HttpStatus.CREATED)
        .contentType(MediaType.APPLICATION_JSON)
        .body("null");
  }

  @PatchMapping("/metadata")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void updatePilotMetadata(Caller caller, @RequestBody Map<String, PilotMetadata> changes) {
    administration.describe(caller, changes);
  }

  @PostMapping("/search")
  @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "206", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "416", useReturnTypeSchema = true)
  ResponseEntity<List<Map<String, @Nullable Object>>> search(
      Caller caller,
      @RequestBody(required = false) @Nullable SearchRequest request,
      @RequestParam(defaultValue = "1") int page,
      @RequestParam(name = "per_page", defaultValue = "100") int perPage) {
    SearchPage found =
        search.search(
            caller, Objects.requireNonNullElseGet(request, SearchRequest::all), page, perPage);
    ResponseEntity.BodyBuilder answer = ResponseEntity.status(found.httpStatus());
    found
        .contentRange("pilots")
        .ifPresent(range -> answer.header(HttpHeaders.CONTENT_RANGE, range));
    return answer.body(found.rows());
  }

  @PostMapping("/summary")
  List<Map<String, @Nullable Object>> summary(
      Caller caller, @RequestBody SearchRequest.Summary request) {
    return search.summary(caller, request);
  }
}
