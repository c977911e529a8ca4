package org.spinor.jdl;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.spinor.jdl.Expr.Scope;

/** Any ad and any expression, for properties. */
final class AnyJdl {

  private static final List<String> ODD_NAMES =
      List.of("self", "OTHER", "my", "true", "is", "Error", "x.y", "a b", "é", "1a", "'", "a..b");

  private AnyJdl() {}

  static Arbitrary<Ad> ads() {
    return ads(3);
  }

  static Arbitrary<Expr> expressions() {
    return expressions(3);
  }

  private static Arbitrary<Ad> ads(int depth) {
    return Combinators.combine(names(), expressions(depth))
        .as(Tuple::of)
        .list()
        .ofMaxSize(5)
        .map(
            attributes -> {
              Ad.Builder ad = Ad.builder();
              attributes.forEach(attribute -> ad.put(attribute.get1(), attribute.get2()));
              return ad.build();
            });
  }

  private static Arbitrary<Expr> expressions(int depth) {
    Arbitrary<Expr> leaves = Arbitraries.oneOf(literals(), references(), placeholders());
    if (depth == 0) {
      return leaves;
    }
    Arbitrary<Expr> part = Arbitraries.lazy(() -> expressions(depth - 1));
    Arbitrary<List<Expr>> parts = part.list().ofMaxSize(3);
    return Arbitraries.oneOf(
        leaves,
        parts.map(Expr.ListOf::new),
        Arbitraries.lazy(() -> ads(depth - 1)).map(Expr.AdOf::new),
        Combinators.combine(part, names()).as(Expr.Selection::new),
        Combinators.combine(part, part).as(Expr.Subscript::new),
        Combinators.combine(Arbitraries.of(UnaryOperator.values()), part).as(Expr.Unary::new),
        Combinators.combine(Arbitraries.of(BinaryOperator.values()), part, part)
            .as(Expr.Binary::new),
        Combinators.combine(
                Arbitraries.of(LogicalOperator.values()), part.list().ofMinSize(2).ofMaxSize(3))
            .as(Expr.Logical::new),
        Combinators.combine(part, part, part).as(Expr.Conditional::new),
        Combinators.combine(functions(), parts).as(Expr.Call::new));
  }

  private static Arbitrary<Expr> literals() {
    return Arbitraries.oneOf(
        Arbitraries.longs().map(Expr::of),
        Arbitraries.doubles().map(Expr::of),
        Arbitraries.of(true, false).map(Expr::of),
        texts().map(Expr::of),
        Arbitraries.of("0.10", "1e3", "007", "2G", "-0x10", "5B", "-9223372036854775808")
            .map(written -> new Expr.Literal(NumberText.read(written).orElseThrow(), written)),
        Arbitraries.of(Value.UNDEFINED, new Value.ErrorValue("")).map(Expr.Literal::new));
  }

  private static Arbitrary<Expr> references() {
    return Combinators.combine(Arbitraries.of(Scope.values()), names()).as(Expr.Reference::new);
  }

  private static Arbitrary<Expr> placeholders() {
    return Arbitraries.of("%s", "%n", "%j", "%(energy)s", "%(a b)s").map(Expr.Placeholder::new);
  }

  static Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(8),
            Arbitraries.strings()
                .withChars("\\\"'\n\t\r%s(){}[];,#/* \u007f\u001b01é")
                .ofMaxLength(8))
        .filter(text -> Names.firstNotStorable(text) < 0);
  }

  private static Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.of("a", "b", "A", "Site", "CPUTime", "_x1"),
        Arbitraries.of(ODD_NAMES),
        texts().filter(text -> !text.isEmpty()));
  }

  private static Arbitrary<String> functions() {
    return Arbitraries.of(
        "strcat",
        "size",
        "member",
        "regexp",
        "ifThenElse",
        "isError",
        "split",
        "join",
        "substr",
        "sum",
        "max",
        "pow",
        "quantize",
        "time",
        "int",
        "string",
        "nothing");
  }
}
