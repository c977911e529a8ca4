package org.spinor.server.resources;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.identity.Caller;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/rss/*}: what the caller's VO may use. */
@RestController
@Tag(name = "rss")
@RequestMapping("/api/rss")
final class StatusController {
  private final StatusBoard board;
  private final Configurations configurations;

  StatusController(StatusBoard board, Configurations configurations) {
    this.board = board;
    this.configurations = configurations;
  }

  /** What may be done with a storage element. */
  record StorageAccess(Allowance read, Allowance write, Allowance check, Allowance remove) {

    /** An element of which one kind of access is not known is not ready to be shown. */
    static Optional<StorageAccess> of(Map<String, Allowance> byType) {
      Allowance read = byType.get("ReadAccess");
      Allowance write = byType.get("WriteAccess");
      Allowance check = byType.get("CheckAccess");
      Allowance remove = byType.get("RemoveAccess");
      return read == null || write == null || check == null || remove == null
          ? Optional.empty()
          : Optional.of(new StorageAccess(read, write, check, remove));
    }
  }

  /** Whether a site or a service may be used. */
  record Access(Allowance all) {}

  /** The headers that decide whether the caller has it already. */
  record Known(@Nullable String etag, @Nullable String since) {}

  @GetMapping("/storage")
  @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "304", description = "The caller has it", content = @Content)
  ResponseEntity<Map<String, StorageAccess>> getStorageStatus(
      Caller caller,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String etag,
      @RequestHeader(name = HttpHeaders.IF_MODIFIED_SINCE, required = false)
          @Nullable String since) {
    List<ElementStatus> rows = rows(ElementStatus.STORAGE, caller.vo());
    Map<String, Map<String, Allowance>> known = new TreeMap<>();
    for (ElementStatus row : rows) {
      known
          .computeIfAbsent(row.name(), name -> new TreeMap<>())
          .put(row.statusType(), Allowance.of(row));
    }
    Map<String, StorageAccess> elements = new TreeMap<>();
    known.forEach(
        (name, accesses) -> StorageAccess.of(accesses).ifPresent(all -> elements.put(name, all)));
    return answer(elements, latest(rows, Instant.EPOCH), caller, new Known(etag, since));
  }

  @GetMapping("/compute")
  @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "304", description = "The caller has it", content = @Content)
  ResponseEntity<Map<String, Access>> getComputeStatus(
      Caller caller,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String etag,
      @RequestHeader(name = HttpHeaders.IF_MODIFIED_SINCE, required = false)
          @Nullable String since) {
    List<String> configured =
        configurations.current().resources().sites().values().stream()
            .flatMap(site -> site.computingElements().keySet().stream())
            .toList();
    return simple(ElementStatus.COMPUTE, configured, caller, new Known(etag, since));
  }

  @GetMapping("/site")
  @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "304", description = "The caller has it", content = @Content)
  ResponseEntity<Map<String, Access>> getSiteStatus(
      Caller caller,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String etag,
      @RequestHeader(name = HttpHeaders.IF_MODIFIED_SINCE, required = false)
          @Nullable String since) {
    List<String> configured = List.copyOf(configurations.current().resources().sites().keySet());
    return simple(ElementStatus.SITE, configured, caller, new Known(etag, since));
  }

  @GetMapping("/fts")
  @ApiResponse(responseCode = "200", useReturnTypeSchema = true)
  @ApiResponse(responseCode = "304", description = "The caller has it", content = @Content)
  ResponseEntity<Map<String, Access>> getFtsStatus(
      Caller caller,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String etag,
      @RequestHeader(name = HttpHeaders.IF_MODIFIED_SINCE, required = false)
          @Nullable String since) {
    return simple(ElementStatus.FTS, List.of(), caller, new Known(etag, since));
  }

  private ResponseEntity<Map<String, Access>> simple(
      String type, List<String> configured, Caller caller, Known known) {
    List<ElementStatus> rows = rows(type, caller.vo());
    Map<String, Access> elements = new TreeMap<>();
    configured.forEach(name -> elements.put(name, new Access(Allowance.free())));
    rows.forEach(row -> elements.put(row.name(), new Access(Allowance.of(row))));
    Configuration configuration = configurations.current();
    Instant floor = configured.isEmpty() ? Instant.EPOCH : configuration.changed();
    return answer(elements, latest(rows, floor), caller, known);
  }

  /** The rows of a type, those of the VO over those of all, each kind of access once. */
  private List<ElementStatus> rows(String type, String vo) {
    Map<String, ElementStatus> chosen = new TreeMap<>();
    List<ElementStatus> sorted = new ArrayList<>(board.now().all());
    sorted.sort(Comparator.comparing(row -> !row.vo().equals(ElementStatus.ALL)));
    for (ElementStatus row : sorted) {
      if (row.elementType().equals(type)
          && (row.vo().equals(ElementStatus.ALL) || row.vo().equals(vo))) {
        chosen.put(row.name() + "\0" + row.statusType(), row);
      }
    }
    return List.copyOf(chosen.values());
  }

  private static Instant latest(List<ElementStatus> rows, Instant floor) {
    return rows.stream()
        .map(ElementStatus::dateEffective)
        .filter(time -> time.isAfter(floor))
        .max(Comparator.naturalOrder())
        .orElse(floor);
  }

  private static <T> ResponseEntity<Map<String, T>> answer(
      Map<String, T> elements, Instant changed, Caller caller, Known known) {
    String etag =
        elements.isEmpty()
            ? "empty-0-" + caller.vo()
            : DateTimeFormatter.ISO_OFFSET_DATE_TIME
                    .format(changed.atOffset(ZoneOffset.UTC))
                    .replace("Z", "+00:00")
                + "-"
                + elements.size()
                + "-"
                + caller.vo();
    Instant modified = elements.isEmpty() ? Instant.EPOCH : changed.truncatedTo(ChronoUnit.SECONDS);
    boolean same = isSame(etag, modified, known);
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(same ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
            // Spring puts it into quotes; DiracX writes it without, and its clients take both.
            .header(HttpHeaders.ETAG, etag)
            .lastModified(modified)
            .varyBy(HttpHeaders.AUTHORIZATION);
    return same ? answer.build() : answer.body(elements);
  }

  private static boolean isSame(String etag, Instant modified, Known known) {
    if (known.etag() != null) {
      return known.etag().replace("\"", "").replaceFirst("^W/", "").equals(etag);
    }
    if (known.since() == null) {
      return false;
    }
    try {
      Instant since = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(known.since()));
      return !modified.isAfter(since);
    } catch (java.time.DateTimeException e) {
      return false;
    }
  }
}
