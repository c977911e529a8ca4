package org.spinor.it.contract;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.spinor.client.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What came back, with all that must differ between two servers (times, numbers of jobs, addresses)
 * made the same.
 *
 * @param type the content type without its parameters; empty: no body
 * @param members place in the body to what stands there: the type, and the value where it says
 *     something
 */
record Answer(
    int status,
    String type,
    Map<String, String> headers,
    Map<String, String> members,
    Step.Compare compare) {
  private static final List<String> HEADERS =
      List.of("Content-Range", "ETag", "Last-Modified", "WWW-Authenticate", "Location", "Vary");
  private static final Pattern TIME =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|\\+00:00)");
  private static final Pattern HTTP_TIME = Pattern.compile("\\w{3}, \\d\\d \\w{3} .* GMT");
  private static final Pattern JOB = Pattern.compile("(^|\\.)(JobID|job_id)$");
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_.=/+-]{40,}");

  static Answer of(
      HttpResponse<String> answer, Map<String, String> kept, URI server, Step.Compare compare) {
    Answering answering = new Answering(kept, server, compare);
    Map<String, String> headers = new TreeMap<>();
    for (String name : HEADERS) {
      answer
          .headers()
          .firstValue(name)
          .ifPresent(any -> headers.put(name, answering.plain(all(answer, name))));
    }
    Map<String, String> members = new TreeMap<>();
    String type =
        answer.headers().firstValue("Content-Type").map(text -> text.split(";")[0]).orElse("");
    if (compare != Step.Compare.HEAD && !answer.body().isEmpty()) {
      try {
        answering.walk(members, "", Json.tree(answer.body()));
      } catch (JacksonException e) {
        members.put(".", "text");
      }
    }
    return new Answer(answer.statusCode(), type, headers, members, compare);
  }

  /** Values of a header that may come in several lines. */
  private static String all(HttpResponse<String> answer, String name) {
    return String.join(", ", answer.headers().allValues(name));
  }

  private static Set<String> words(String header) {
    return new TreeSet<>(List.of(header.split(", ?")));
  }

  private record Answering(Map<String, String> kept, URI server, Step.Compare compare) {
    void walk(Map<String, String> members, String place, JsonNode node) {
      String here = place.isEmpty() ? "." : place;
      if (node.isObject()) {
        members.put(here, "object");
        node.properties()
            .forEach(
                member ->
                    walk(
                        members,
                        (place.isEmpty() ? "" : place + ".") + plain(member.getKey()),
                        member.getValue()));
      } else if (node.isArray()) {
        members.put(here, "array");
        list(members, place, node);
      } else {
        members.merge(
            here, value(here, node), (one, other) -> one.equals(other) ? one : one + "|" + other);
      }
    }

    /** Lists of texts are sets: DiracX writes them in any order. */
    private void list(Map<String, String> members, String place, JsonNode list) {
      boolean texts = list.valueStream().allMatch(JsonNode::isString);
      int index = 0;
      for (JsonNode each : list) {
        String which =
            compare == Step.Compare.SHAPE ? "" : texts ? plain(each.asString()) : "" + index++;
        walk(members, place + "[" + which + "]", each);
      }
    }

    private String value(String place, JsonNode node) {
      String kind = node.getNodeType().toString().toLowerCase(Locale.ROOT);
      if (compare == Step.Compare.SHAPE || node.isNull() || place.endsWith(".PilotID")) {
        return kind;
      }
      // Small numbers are numbers of jobs only where they are called so.
      boolean plain = node.isNumber() && !JOB.matcher(place).find();
      return kind + " " + (plain ? node.asString() : plain(node.asString()));
    }

    /** Without what every server has of its own. */
    String plain(String text) {
      for (Map.Entry<String, String> variable : kept.entrySet()) {
        if (!text.isEmpty() && text.equals(variable.getValue())) {
          return "<" + variable.getKey() + ">";
        }
      }
      String plain = text.replace(server.toString(), "");
      plain = HTTP_TIME.matcher(TIME.matcher(plain).replaceAll("<time>")).replaceAll("<time>");
      return SECRET.matcher(plain).replaceAll("<long>");
    }
  }

  /** What somebody who knows {@code theirs} would wonder about in this one. */
  Set<String> differences(Answer theirs) {
    Set<String> found = new TreeSet<>();
    if (status != theirs.status) {
      found.add("status " + theirs.status + " here " + status);
      return found;
    }
    boolean problem = status >= 400 && type.equals("application/problem+json");
    if (status != 204 && !type.equals(problem ? "application/problem+json" : theirs.type)) {
      found.add("type " + theirs.type + " here " + type);
    }
    theirs.headers.forEach(
        (name, value) -> {
          String here = headers.getOrDefault(name, "none");
          boolean same =
              name.equals("Vary") ? words(here).containsAll(words(value)) : here.equals(value);
          if (!same) {
            found.add("header " + name + ": " + value + " here " + here);
          }
        });
    if (status >= 400) {
      if (!kind("detail").equals(theirs.kind("detail"))) {
        found.add("detail " + theirs.kind("detail") + " here " + kind("detail"));
      }
      return found;
    }
    theirs.members.forEach(
        (place, value) -> {
          String here = members.getOrDefault(place, "nothing");
          if (!here.equals(value)) {
            found.add(place + ": " + value + " here " + here);
          }
        });
    members.forEach(
        (place, value) -> {
          if (compare == Step.Compare.ALL && !theirs.members.containsKey(place)) {
            found.add(place + ": nothing here " + value);
          }
        });
    return found;
  }

  private String kind(String place) {
    String value = members.getOrDefault(place, "nothing");
    return value.contains(" ") ? value.substring(0, value.indexOf(' ')) : value;
  }
}
