package org.spinor.jdl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the {@code Parameter...} attributes of an ad and collects all that is wrong with them. */
final class ParameterReader {

  /** More computed sequences than this serve nobody and would cost the server time. */
  private static final int MAX_SEQUENCES = 100;

  private static final Set<String> HEADS =
      Set.of("parameters", "parameterstart", "parameterstep", "parameterfactor");

  private final Ad ad;
  private final int maxJobs;
  private final Evaluator evaluator;
  private final List<ParametricException.Problem> problems = new ArrayList<>();

  /** The lists by the keys of their attributes. */
  private final Map<String, List<Expr>> lists = new LinkedHashMap<>();

  private int count = -1;
  private String countedBy = "";

  ParameterReader(Ad ad, int maxJobs) {
    this.ad = ad;
    this.maxJobs = maxJobs;
    evaluator = new Evaluator(Context.of(ad));
  }

  /**
   * @param sources the attributes that describe the parameters, as they are written
   * @param vectors the parameters by their names as written; the one without a name is ""
   */
  record Parameters(int count, List<String> sources, Map<String, ParameterVector> vectors) {}

  /**
   * Reads the parameters; an ad without any is one job.
   *
   * @throws ParametricException with all problems
   */
  Parameters read() {
    List<String> sources = ad.names().stream().filter(name -> HEADS.contains(head(name))).toList();
    List<String> counting =
        sources.stream().filter(name -> head(name).equals("parameters")).toList();
    if (counting.isEmpty()) {
      return new Parameters(1, List.of(), Map.of());
    }
    counting.forEach(this::readCount);
    Map<String, ParameterVector> vectors = new LinkedHashMap<>();
    if (problems.isEmpty()) {
      readVectors(sources, vectors);
    } else {
      sources.stream().filter(name -> !head(name).equals("parameters")).forEach(this::number);
    }
    if (!problems.isEmpty()) {
      throw new ParametricException(problems);
    }
    return new Parameters(count, sources, vectors);
  }

  private void readCount(String name) {
    Expr expr = ad.get(name).orElseThrow();
    Value value = expr instanceof Expr.ListOf ? Value.UNDEFINED : evaluator.evaluate(expr);
    if (value instanceof Value.Text(String text)) {
      value = Functions.parseNumber(text);
    }
    if (expr instanceof Expr.ListOf(List<Expr> items)) {
      readList(name, items);
    } else if (value instanceof Value.ListValue(List<Value> items)) {
      readList(name, items.stream().map(ParameterReader::toExpr).toList());
    } else if (value instanceof Value.Int(long number) && parameter(name).isEmpty()) {
      count(name, number);
    } else {
      String expected = parameter(name).isEmpty() ? "a list or how many there are" : "a list";
      problem(name, "expected %s, found %s".formatted(expected, TypedReader.describe(value)));
    }
  }

  private void readList(String name, List<Expr> items) {
    List<Expr> values = new ArrayList<>();
    for (Expr item : items) {
      Optional<Expr> value = constant(item, true);
      if (value.isEmpty()) {
        problem(
            name,
            "value %d is %s (strings stand in quotes)"
                .formatted(values.size() + 1, TypedReader.describe(evaluator.evaluate(item))));
        break;
      }
      values.add(value.get());
    }
    lists.put(Names.key(name), values);
    count(name, items.size());
  }

  /** An item as a literal, or as a list of literals where one may stand. */
  private Optional<Expr> constant(Expr item, boolean list) {
    if (item instanceof Expr.ListOf(List<Expr> items) && list) {
      List<Expr> constants =
          items.stream().flatMap(each -> constant(each, false).stream()).toList();
      return constants.size() == items.size()
          ? Optional.of(new Expr.ListOf(constants))
          : Optional.empty();
    }
    Expr expr = item instanceof Expr.Literal ? item : toExpr(evaluator.evaluate(item));
    boolean usable =
        expr instanceof Expr.Literal literal
            && Operators.unusable(List.of(literal.value())).isEmpty();
    return usable ? Optional.of(expr) : Optional.empty();
  }

  private static Expr toExpr(Value value) {
    return switch (value) {
      case Value.Real(double number) when !Double.isFinite(number) ->
          new Expr.Literal(new Value.ErrorValue("not finite"));
      case Value.Scalar scalar -> new Expr.Literal(scalar);
      case Value.ListValue(List<Value> items) ->
          new Expr.ListOf(items.stream().map(ParameterReader::toExpr).toList());
      case Value.AdValue(Ad nested, _) -> new Expr.AdOf(nested);
    };
  }

  private void count(String name, long number) {
    if (number <= 0) {
      problem(name, "there must be at least one value, not %d".formatted(number));
    } else if (number > maxJobs) {
      problem(name, "asks for %d jobs, at most %d are allowed".formatted(number, maxJobs));
    } else if (count < 0) {
      count = (int) number;
      countedBy = name;
    } else if (count != number) {
      problem(name, "%d values, but %d in %s".formatted(number, count, countedBy));
    }
  }

  private void readVectors(List<String> sources, Map<String, ParameterVector> vectors) {
    Map<String, String> spellings = new LinkedHashMap<>();
    sources.forEach(name -> spellings.putIfAbsent(Names.key(parameter(name)), parameter(name)));
    int sequences = 0;
    for (String parameter : spellings.values()) {
      List<Expr> list = lists.get(Names.key(attribute("Parameters", parameter)));
      if (list != null) {
        vectors.put(parameter, ParameterVector.listed(list));
        continue;
      }
      sequences++;
      if (sequences > MAX_SEQUENCES) {
        problem(
            attribute("ParameterStart", parameter),
            "more than %d sequences".formatted(MAX_SEQUENCES));
        return;
      }
      sequence(parameter).ifPresent(vector -> vectors.put(parameter, vector));
    }
  }

  private Optional<ParameterVector> sequence(String parameter) {
    Optional<Value> start = number(attribute("ParameterStart", parameter), 1);
    Optional<Value> step = number(attribute("ParameterStep", parameter), 0);
    Optional<Value> factor = number(attribute("ParameterFactor", parameter), 1);
    if (start.isEmpty() || step.isEmpty() || factor.isEmpty()) {
      return Optional.empty();
    }
    Optional<ParameterVector> vector =
        ParameterVector.sequence(start.get(), factor.get(), step.get(), count);
    if (vector.isEmpty()) {
      problem(attribute("Parameters", parameter), "the values grow beyond 64 bits");
    }
    return vector;
  }

  private Optional<Value> number(String name) {
    return number(name, 0);
  }

  private Optional<Value> number(String name, long absent) {
    if (!ad.contains(name)) {
      return Optional.of(Value.of(absent));
    }
    Value value = evaluator.evaluate(ad.get(name).orElseThrow());
    Value number = value instanceof Value.Text(String text) ? Functions.parseNumber(text) : value;
    if (!Operators.isNumber(number) || !Double.isFinite(Operators.toDouble(number))) {
      problem(name, "expected a number, found %s".formatted(TypedReader.describe(value)));
      return Optional.empty();
    }
    return Optional.of(number);
  }

  /** {@code Parameters.energy} is the head {@code parameters} with the parameter {@code energy}. */
  private static String head(String name) {
    int dot = name.indexOf('.');
    return Names.key(dot < 0 ? name : name.substring(0, dot));
  }

  private static String parameter(String name) {
    return name.substring(Math.min(name.length(), head(name).length() + 1));
  }

  private static String attribute(String head, String parameter) {
    return parameter.isEmpty() ? head : head + "." + parameter;
  }

  private void problem(String attribute, String message) {
    problems.add(new ParametricException.Problem(attribute, message));
    if (problems.size() == Jdl.MAX_PROBLEMS) {
      throw new ParametricException(problems);
    }
  }
}
