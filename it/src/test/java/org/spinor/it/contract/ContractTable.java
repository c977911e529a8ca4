package org.spinor.it.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads {@code contract/routes.txt}. */
final class ContractTable {
  private ContractTable() {}

  /** By route, {@code POST /api/jobs/jdl}. */
  static Map<String, Operation> read() {
    Map<String, Operation> routes = new TreeMap<>();
    List<String> block = new ArrayList<>();
    for (String line : lines("routes.txt")) {
      if (!line.startsWith(" ") && !block.isEmpty()) {
        add(routes, block);
        block.clear();
      }
      block.add(line);
    }
    add(routes, block);
    return routes;
  }

  private static void add(Map<String, Operation> routes, List<String> block) {
    String[] head = block.getFirst().split(" ");
    Map<String, Fact> facts = new TreeMap<>();
    for (String line : block.subList(1, block.size())) {
      String fact = line.strip();
      int type = fact.lastIndexOf(' ');
      facts.put(fact.substring(0, type), Fact.parse(fact.substring(type + 1)));
    }
    Operation before =
        routes.put(head[0] + " " + head[1], new Operation(head[2], head[3].equals("token"), facts));
    if (before != null) {
      throw new IllegalStateException(block.getFirst() + " stands there twice");
    }
  }

  /** The lines of a file beside this class's resources that say something. */
  static List<String> lines(String name) {
    try (InputStream file = ContractTable.class.getResourceAsStream("/contract/" + name)) {
      if (file == null) {
        throw new IllegalStateException("no resource contract/" + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
