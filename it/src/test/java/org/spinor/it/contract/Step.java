package org.spinor.it.contract;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One recorded request of {@code contract/requests.txt}.
 *
 * @param who {@code group user}, or {@code nobody}
 * @param body empty: none
 * @param keep name of a variable to the place in the answer (a JSON pointer) where its value stands
 */
record Step(
    String name,
    String who,
    String method,
    String path,
    Map<String, String> headers,
    String body,
    Map<String, String> keep,
    Compare compare) {

  /** How much of an answer is compared. */
  enum Compare {
    ALL,
    /** Names and types of what DiracX answers; more may be there. */
    SHAPE,
    /** Status and headers. */
    HEAD
  }

  static List<Step> read() {
    List<Step> steps = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<String> lines = ContractTable.lines("requests.txt");
    int at = 0;
    while (at < lines.size()) {
      int end = at + 1;
      while (end < lines.size() && lines.get(end).startsWith(" ")) {
        end++;
      }
      Step step = of(lines.subList(at, end));
      if (!names.add(step.name())) {
        throw new IllegalStateException("two steps are called " + step.name());
      }
      steps.add(step);
      at = end;
    }
    return steps;
  }

  private static Step of(List<String> lines) {
    String[] head = lines.getFirst().split(" \\| ");
    String[] request = head[2].split(" ", 2);
    Map<String, String> headers = new TreeMap<>();
    Map<String, String> keep = new TreeMap<>();
    String body = "";
    Compare compare = Compare.ALL;
    for (String line : lines.subList(1, lines.size())) {
      String[] words = line.strip().split(" ", 2);
      switch (words[0]) {
        case "json" -> {
          body = words[1];
          headers.put("Content-Type", "application/json");
        }
        case "form" -> {
          body = words[1];
          headers.put("Content-Type", "application/x-www-form-urlencoded");
        }
        case "header" -> {
          String[] header = words[1].split(": ", 2);
          headers.put(header[0], header[1]);
        }
        case "head" -> compare = Compare.HEAD;
        case "shape" -> compare = Compare.SHAPE;
        case "keep" -> {
          String[] variable = words[1].split(" ", 2);
          keep.put(variable[0], variable[1]);
        }
        default -> throw new IllegalStateException("what is " + line);
      }
    }
    return new Step(head[0], head[1], request[0], request[1], headers, body, keep, compare);
  }
}
