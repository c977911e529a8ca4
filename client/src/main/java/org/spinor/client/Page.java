package org.spinor.client;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * One page of what a search found.
 *
 * @param rows the rows of this page, as the server names their columns
 * @param total how many rows there are on all pages together
 */
public record Page(List<JsonNode> rows, long total) {
  private static final Pattern TOTAL = Pattern.compile("/(\\d+)$");

  public Page {
    rows = List.copyOf(rows);
  }

  /** Rows and total of an answer: 200 (everything), 206 (a part) or 416 (past the end). */
  static Page of(HttpResponse<String> answer) {
    List<JsonNode> rows =
        answer.statusCode() == 416 ? List.of() : Json.tree(answer.body()).valueStream().toList();
    Matcher range = TOTAL.matcher(answer.headers().firstValue("Content-Range").orElse(""));
    return new Page(rows, range.find() ? Long.parseLong(range.group(1)) : rows.size());
  }
}
