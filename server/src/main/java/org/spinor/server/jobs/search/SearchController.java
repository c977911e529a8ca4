package org.spinor.server.jobs.search;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.server.database.SearchPage;
import org.spinor.server.database.SearchRequest;
import org.spinor.server.identity.Caller;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Finds and counts jobs. */
@RestController
@RequestMapping("/api/jobs")
@Tag(name = "jobs")
final class SearchController {
  private final JobSearch jobs;

  SearchController(JobSearch jobs) {
    this.jobs = jobs;
  }

  /** One page of jobs; the header Content-Range tells where it stands, unless it is all. */
  @PostMapping("/search")
  @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "206", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "416", useReturnTypeSchema = true)
  ResponseEntity<List<Map<String, @Nullable Object>>> search(
      @RequestBody(required = false) @Nullable SearchRequest body,
      @RequestParam(defaultValue = "1") int page,
      @RequestParam(name = "per_page", defaultValue = "100") int perPage,
      Caller caller) {
    SearchRequest request = body == null ? SearchRequest.all() : body;
    SearchPage found = jobs.search(caller, request, page, perPage);
    ResponseEntity.BodyBuilder answer = ResponseEntity.status(found.httpStatus());
    found.contentRange("jobs").ifPresent(range -> answer.header(HttpHeaders.CONTENT_RANGE, range));
    return answer.body(found.rows());
  }

  /** How many jobs there are of each combination of values. */
  @PostMapping("/summary")
  List<Map<String, @Nullable Object>> summary(
      @RequestBody SearchRequest.Summary body, Caller caller) {
    return jobs.summary(caller, body);
  }
}
