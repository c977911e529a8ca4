package org.spinor.jdl;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Replaces the placeholders of one job of a template. What has none is shared with the template.
 */
final class Substitution {

  private final Map<String, ParameterVector> vectors;
  private final int index;
  private final long jobId;
  private final String number;

  /**
   * @param vectors by key; empty for a job without parameters, where only {@code %j} is replaced
   * @param width how many digits {@code %n} has
   */
  Substitution(Map<String, ParameterVector> vectors, int index, long jobId, int width) {
    this.vectors = vectors;
    this.index = index;
    this.jobId = jobId;
    String digits = Integer.toString(index);
    this.number = "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  Expr apply(Expr expr) {
    return switch (expr) {
      case Expr.Literal literal when literal.value() instanceof Value.Text(String text) -> {
        String replaced = apply(text);
        yield replaced.equals(text) ? expr : Expr.of(replaced);
      }
      case Expr.Placeholder(String placeholder) -> outsideOfQuotes(placeholder).orElse(expr);
      case Expr.ListOf(List<Expr> items) -> list(items, expr);
      default -> parts(expr);
    };
  }

  private Expr parts(Expr expr) {
    return Expressions.map(expr, this::apply);
  }

  /** The value of a parameter as an attribute of the job: a string, or a list as it is. */
  Expr attribute(ParameterVector vector) {
    Expr value = value(vector);
    return value instanceof Expr.Literal literal ? Expr.of(literal.text()) : value;
  }

  private Expr value(ParameterVector vector) {
    return withJobId(vector.value(index));
  }

  private String apply(String text) {
    int place = Placeholders.next(text, 0);
    if (place < 0) {
      return text;
    }
    StringBuilder result = new StringBuilder();
    int copied = 0;
    while (place >= 0) {
      int end = Placeholders.endAt(text, place);
      Optional<String> replacement = inText(text.substring(place, end));
      if (replacement.isPresent()) {
        result.append(text, copied, place).append(replacement.get());
        copied = end;
      }
      place = Placeholders.next(text, end);
    }
    return result.append(text, copied, text.length()).toString();
  }

  private Optional<String> inText(String placeholder) {
    return switch (placeholder) {
      case "%j" -> Optional.of(Long.toString(jobId));
      case "%n" -> vectors.isEmpty() ? Optional.empty() : Optional.of(number);
      default -> value(placeholder).map(Substitution::text);
    };
  }

  private Optional<Expr> outsideOfQuotes(String placeholder) {
    return switch (placeholder) {
      case "%j" -> Optional.of(Expr.of(jobId));
      case "%n" -> vectors.isEmpty() ? Optional.empty() : Optional.of(Expr.of(index));
      default -> value(placeholder);
    };
  }

  private Optional<Expr> value(String placeholder) {
    return Optional.ofNullable(vectors.get(Placeholders.key(placeholder))).map(this::value);
  }

  /** A list in which the items of a list parameter take the place of their placeholder. */
  private Expr list(List<Expr> items, Expr expr) {
    if (items.stream().noneMatch(item -> listInPlaceOf(item).isPresent())) {
      return parts(expr);
    }
    return new Expr.ListOf(
        items.stream()
            .flatMap(item -> listInPlaceOf(item).orElseGet(() -> List.of(apply(item))).stream())
            .toList());
  }

  private Optional<List<Expr>> listInPlaceOf(Expr item) {
    String text =
        switch (item) {
          case Expr.Placeholder(String placeholder) -> placeholder;
          case Expr.Literal literal when literal.value() instanceof Value.Text(String content) ->
              content;
          default -> "";
        };
    return Placeholders.endAt(text, 0) == text.length()
            && value(text).orElse(item) instanceof Expr.ListOf(List<Expr> items)
        ? Optional.of(items)
        : Optional.empty();
  }

  /** A parameter may hold the job's id itself. */
  private Expr withJobId(Expr value) {
    if (value instanceof Expr.Literal literal
        && literal.value() instanceof Value.Text(String text)) {
      return text.contains("%j") ? Expr.of(text.replace("%j", Long.toString(jobId))) : value;
    }
    return Expressions.map(value, this::withJobId);
  }

  private static String text(Expr value) {
    return switch (value) {
      case Expr.ListOf(List<Expr> items) ->
          String.join(",", items.stream().map(Substitution::text).toList());
      case Expr.Literal literal -> literal.text().strip();
      default -> Printer.print(value);
    };
  }
}
