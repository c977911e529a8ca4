package org.spinor.client;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ConfigurationChange;
import org.spinor.api.ConfigurationEdit;
import org.spinor.api.ConfigurationImport;
import org.spinor.api.ConfigurationState;
import org.spinor.api.ConfigurationVersion;
import tools.jackson.databind.JsonNode;

/** The calls about the configuration. */
public final class Configuration {
  private static final String ROOT = "/api/config/";

  private final Transport transport;

  Configuration(Transport transport) {
    this.transport = transport;
  }

  /** The whole configuration with every default. */
  public JsonNode show() {
    return Json.tree(transport.json("GET", ROOT, null).body());
  }

  /** Where it comes from, and whether its newest version is in force. */
  public ConfigurationState state() {
    return Json.read(transport.json("GET", ROOT + "state", null).body(), ConfigurationState.class);
  }

  /** Checks a configuration that is not (yet) the server's. */
  public Check check(String yaml) {
    return Json.read(
        transport
            .send(yaml(ROOT + "check").POST(HttpRequest.BodyPublishers.ofString(yaml)).build())
            .body(),
        Check.class);
  }

  /**
   * The versions, newest first.
   *
   * @param page from 1
   * @param size of a page, at most 100
   */
  public ConfigurationVersion.Page history(int page, int size) {
    String query =
        query(Map.of("page", Integer.toString(page), "per_page", Integer.toString(size)));
    return Json.read(
        transport.json("GET", ROOT + "history" + query, null).body(),
        ConfigurationVersion.Page.class);
  }

  /**
   * One version: what is told of it, and its document with every default, null where it is not
   * valid.
   */
  public Version version(String revision) {
    return Json.read(
        transport.json("GET", ROOT + "history/" + AddressPart.encoded(revision), null).body(),
        Version.class);
  }

  /**
   * The places that differ.
   *
   * @param from null: the version before the other one
   * @param to null: the newest
   */
  public ConfigurationChange.Diff diff(@Nullable String from, @Nullable String to) {
    return Json.read(
        transport.json("GET", ROOT + "diff" + between(from, to), null).body(),
        ConfigurationChange.Diff.class);
  }

  /** The lines that differ, as {@code diff -u} shows them. */
  public String unifiedDiff(@Nullable String from, @Nullable String to) {
    return plain(ROOT + "diff/text" + between(from, to)).body();
  }

  /**
   * The text as it was written.
   *
   * @param revision null: the newest
   */
  public Text text(@Nullable String revision) {
    HttpResponse<String> answer =
        plain(ROOT + "text" + query(revision == null ? Map.of() : Map.of("revision", revision)));
    return new Text(answer.body(), answer.headers().firstValue("ETag").orElse(""));
  }

  /**
   * Replaces the whole text.
   *
   * @param base the revision that the text was made from
   * @param merge whether it may become one with what others have changed since in other lines
   * @throws org.spinor.api.SpinorException not valid, or somebody was faster
   */
  public ConfigurationEdit.Done replace(String base, String text, String reason, boolean merge) {
    HttpRequest request =
        yaml(ROOT + query(Map.of("reason", reason, "merge", Boolean.toString(merge))))
            .header("If-Match", "\"" + base + "\"")
            .PUT(HttpRequest.BodyPublishers.ofString(text))
            .build();
    return Json.read(transport.send(request).body(), ConfigurationEdit.Done.class);
  }

  /** Changes single places and nothing else in the text. */
  public ConfigurationEdit.Done edit(ConfigurationEdit edit) {
    return Json.read(transport.json("PATCH", ROOT, edit).body(), ConfigurationEdit.Done.class);
  }

  /** Makes an older version the newest one again. */
  public ConfigurationEdit.Done rollback(String revision, String reason) {
    return Json.read(
        transport
            .json("POST", ROOT + "rollback", new ConfigurationEdit.Rollback(revision, reason))
            .body(),
        ConfigurationEdit.Done.class);
  }

  /** What a configuration of DIRAC would be here; changes nothing. */
  public ConfigurationImport.Imported convert(ConfigurationImport request) {
    return Json.read(
        transport.json("POST", ROOT + "import", request).body(),
        ConfigurationImport.Imported.class);
  }

  private HttpRequest.Builder yaml(String path) {
    return transport.request(path).header("Content-Type", "text/yaml; charset=utf-8");
  }

  private HttpResponse<String> plain(String path) {
    return transport.send(transport.request(path).setHeader("Accept", "*/*").GET().build());
  }

  private static String between(@Nullable String from, @Nullable String to) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (from != null) {
      parameters.put("from", from);
    }
    if (to != null) {
      parameters.put("to", to);
    }
    return query(parameters);
  }

  private static String query(Map<String, String> parameters) {
    return parameters.isEmpty()
        ? ""
        : parameters.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + AddressPart.encoded(entry.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  /**
   * What a check found.
   *
   * @param problems one line each: the path, what is wrong, what is allowed; with any, it would not
   *     be taken
   * @param warnings the same for parameters of computing elements: it would be taken, and these
   *     queues would get no pilots
   */
  public record Check(boolean valid, List<String> problems, List<String> warnings) {
    public Check {
      problems = List.copyOf(problems);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * One version.
   *
   * @param document with every default; null: it is not valid
   */
  public record Version(ConfigurationVersion version, @Nullable JsonNode document) {}

  /** A text and the revision that it is. */
  public record Text(String yaml, String revision) {}
}
