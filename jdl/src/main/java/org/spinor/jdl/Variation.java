package org.spinor.jdl;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.spinor.jdl.Expr.Scope;

/** Finds the attributes of a template that can differ between its jobs. */
final class Variation {

  /** Stands for all attributes: {@code self["name"]} can lead to any. */
  private static final String ALL = "";

  private final Map<String, Set<String>> dependents = new HashMap<>();
  private final Set<String> varying = new HashSet<>();
  private final Deque<String> pending = new ArrayDeque<>();

  private Variation() {}

  /**
   * @param filled the attributes that the parameters fill in
   * @param parameter the placeholders that differ between the jobs
   * @return the keys of the attributes
   */
  static Set<String> of(Ad template, Collection<String> filled, Predicate<String> parameter) {
    Variation variation = new Variation();
    filled.forEach(name -> variation.vary(Names.key(name)));
    List<Expr> values = template.values();
    for (int i = 0; i < values.size(); i++) {
      String key = Names.key(template.names().get(i));
      variation.collect(values.get(i), key);
      if (Placeholders.anyIn(values.get(i), parameter)) {
        variation.vary(key);
      }
    }
    variation.spread();
    return Set.copyOf(variation.varying);
  }

  private void vary(String key) {
    if (varying.add(key)) {
      pending.add(key);
    }
  }

  private void collect(Expr expr, String user) {
    if (expr instanceof Expr.Reference(Scope scope, String name) && scope != Scope.OTHER) {
      String used =
          switch (Names.key(name)) {
            case "self", "my" -> ALL;
            default -> Names.key(name);
          };
      dependents.computeIfAbsent(used, _ -> new HashSet<>()).add(user);
    }
    Expressions.parts(expr).forEach(part -> collect(part, user));
  }

  private void spread() {
    if (!pending.isEmpty()) {
      dependents.getOrDefault(ALL, Set.of()).forEach(this::vary);
    }
    while (!pending.isEmpty()) {
      dependents.getOrDefault(pending.remove(), Set.of()).forEach(this::vary);
    }
  }
}
