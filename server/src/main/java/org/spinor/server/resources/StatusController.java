package org.spinor.server.resources;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
@RequestMapping("/api/rss")
final class StatusController {
  /** Kind of access, by the status type that governs it. */
  private static final Map<String, String> STORAGE_ACCESS =
      Map.of(
          "ReadAccess", "read",
          "WriteAccess", "write",
          "CheckAccess", "check",
          "RemoveAccess", "remove");

  private final StatusBoard board;
  private final Configurations configurations;

  StatusController(StatusBoard board, Configurations configurations) {
    this.board = board;
    this.configurations = configurations;
  }

  /** The headers that decide whether the caller has it already. */
  record Known(@Nullable String etag, @Nullable String since) {}

  @GetMapping("/storage")
  ResponseEntity<Object> storage(
      Caller caller,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String etag,
      @RequestHeader(name = HttpHeaders.IF_MODIFIED_SINCE, required = false)
          @Nullable String since) {
    List<ElementStatus> rows = rows(ElementStatus.STORAGE, caller.vo());
    Map<String, Map<String, Allowance>> elements = new TreeMap<>();
    for (ElementStatus row : rows) {
      String access = STORAGE_ACCESS.get(row.statusType());
      if (access != null) {
        elements
            .computeIfAbsent(row.name(), name -> new TreeMap<>())
            .put(access, Allowance.of(row));
      }
    }
    // An element of which one kind of access is not known is not ready to be shown.
    elements.values().removeIf(accesses -> accesses.size() < STORAGE_ACCESS.size());
    return answer(elements, latest(rows, Instant.EPOCH), caller, new Known(etag, since));
  }

  @GetMapping("/compute")
  ResponseEntity<Object> compute(
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
  ResponseEntity<Object> site(
      Caller caller,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String etag,
      @RequestHeader(name = HttpHeaders.IF_MODIFIED_SINCE, required = false)
          @Nullable String since) {
    List<String> configured = List.copyOf(configurations.current().resources().sites().keySet());
    return simple(ElementStatus.SITE, configured, caller, new Known(etag, since));
  }

  @GetMapping("/fts")
  ResponseEntity<Object> fts(
      Caller caller,
      @RequestHeader(name = HttpHeaders.IF_NONE_MATCH, required = false) @Nullable String etag,
      @RequestHeader(name = HttpHeaders.IF_MODIFIED_SINCE, required = false)
          @Nullable String since) {
    return simple(ElementStatus.FTS, List.of(), caller, new Known(etag, since));
  }

  private ResponseEntity<Object> simple(
      String type, List<String> configured, Caller caller, Known known) {
    List<ElementStatus> rows = rows(type, caller.vo());
    Map<String, Map<String, Allowance>> elements = new TreeMap<>();
    configured.forEach(name -> elements.put(name, Map.of("all", Allowance.free())));
    rows.forEach(row -> elements.put(row.name(), Map.of("all", Allowance.of(row))));
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

  private static ResponseEntity<Object> answer(
      Map<String, Map<String, Allowance>> elements, Instant changed, Caller caller, Known known) {
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
            // DiracX writes it without quotes, and its clients send it back with them.
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
