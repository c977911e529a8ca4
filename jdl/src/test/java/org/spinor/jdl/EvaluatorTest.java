package org.spinor.jdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Instant;
import java.time.InstantSource;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spinor.jdl.Value.ErrorValue;

final class EvaluatorTest {

  @ParameterizedTest
  @CsvSource({
    "T, F, F, T",
    "T, U, U, T",
    "U, T, U, T",
    "F, U, F, U",
    "U, F, F, U",
    "U, U, U, U",
    "F, E, F, E",
    "T, E, E, T",
    "U, E, E, E",
    "E, T, E, E",
    "E, F, E, E",
    "E, U, E, E",
    "1, 0, F, T",
    "0.0, T, F, T",
    "'\"x\"', T, E, E",
  })
  void logicHasThreeValuesAndErrors(String left, String right, String and, String or) {
    assertThat(value(word(left) + " && " + word(right))).isEqualTo(value(word(and)));
    assertThat(value(word(left) + " || " + word(right))).isEqualTo(value(word(or)));
  }

  @Test
  void chainsStopAtTheOperandThatDecides() {
    assertThat(value("undefined || false || true || error")).isEqualTo(Value.TRUE);
    assertThat(value("undefined && true && false && error")).isEqualTo(Value.FALSE);
    assertThat(value("false || undefined || false")).isEqualTo(Value.UNDEFINED);
  }

  @ParameterizedTest
  @CsvSource({
    "1 + 2 * 3, 7",
    "7 / 2, 3",
    "-7 / 2, -3",
    "7 % 4, 3",
    "7 / 2.0, 3.5",
    "1 + 0.5, 1.5",
    "2 * 1.0, 2.0",
    "1 << 4 | 3, 19",
    "-1 >>> 60, 15",
    "-16 >> 2, -4",
    "6 & 3, 2",
    "6 ^ 3, 5",
    "~0, -1",
    "true & false, false",
    "true ^ false, true",
    "-(-5), 5",
    "+5, 5",
    "!true, false",
    "!0, true",
    "1K + 1, 1025.0",
    "1 == 1.0, true",
    "1 < 1.5, true",
    "9007199254740993 == 9007199254740992, false",
    "2 >= 2, true",
    "2 != 2, false",
    "true == true, true",
    "'\"LCG.cern.CH\" == \"lcg.CERN.ch\"', true",
    "'\"a\" < \"B\"', true",
    "'\"a\" =?= \"A\"', false",
    "'\"a\" is \"a\"', true",
    "1 =?= 1.0, false",
    "1 =!= undefined, true",
    "undefined =?= undefined, true",
    "error is error, true",
    "'{1, {\"x\"}} =?= {1, {\"x\"}}', true",
    "'{1, {\"x\"}} =?= {1, {\"X\"}}', false",
    "undefined == 1, undefined",
    "undefined + error, error",
    "undefined ?: 3, 3",
    "1 ?: 3, 1",
    "true ? 1 : error, 1",
    "undefined ? 1 : 2, undefined",
    "2 ? 1 : 2, 1",
    "'{10, 20}[1]', 20",
    "'{10, 20}[undefined]', undefined",
    "'[a = 5].a', 5",
    "'[a = 5][\"A\"]', 5",
    "'[a = 5].b', undefined",
    "'undefined.b', undefined",
    "nothing, undefined",
    "other.nothing, undefined",
  })
  void operators(String text, String expected) {
    assertThat(value(text)).isEqualTo(value(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "'1 + \"x\"', '+ is not defined for integer and string'",
    "'{1} == {1}', '== is not defined for list and list'",
    "'true == 1', '== is not defined for boolean and integer'",
    "1 / 0, division by zero",
    "1 % 0, division by zero",
    "1.0 / 0, division by zero",
    "9223372036854775807 + 1, the result does not fit in 64 bits",
    "-9223372036854775808 / -1, the result does not fit in 64 bits",
    "-(-9223372036854775808), the result does not fit in 64 bits",
    "'{1}[1]', index 1 in a list of 1",
    "'{1}[\"a\"]', '[] is not defined for list and string'",
    "(1).x, a value of type integer has no attributes",
    "'\"x\" ? 1 : 2', a value of type string is no condition",
    "x + 1, the attribute x depends on itself",
    "%s, the placeholder %s has no parameter",
    "nosuch(1), there is no function nosuch",
    "size(1) + size(), size is not defined for integer",
    "size(), size with 0 arguments",
    "time(), there is no clock here",
  })
  void whatMakesNoSenseIsAnErrorWithAReason(String text, String reason) {
    assertThat(value(text))
        .isInstanceOfSatisfying(
            ErrorValue.class, error -> assertThat(error.reason()).isEqualTo(reason));
  }

  @Test
  void referencesFollowTheNestingOfAds() {
    Ad ad =
        Jdl.parse(
            """
            a = 1; b = [ c = a + 1; a = 10; d = [ e = a + c; f = self.a; g = nothing ] ];
            x = b.c; y = b.d.e; z = b.d.f; u = b.d.g; w = self.b.d["e"]; v = my.a
            """);
    assertThat(ad.evaluate("x")).isEqualTo(Value.of(11L));
    assertThat(ad.evaluate("y")).isEqualTo(Value.of(21L));
    assertThat(ad.evaluate("z")).isEqualTo(Value.of(1L));
    assertThat(ad.evaluate("u")).isEqualTo(Value.UNDEFINED);
    assertThat(ad.evaluate("w")).isEqualTo(Value.of(21L));
    assertThat(ad.evaluate("v")).isEqualTo(Value.of(1L));
  }

  @Test
  void eachAdSeesTheOtherOne() {
    Ad job =
        Jdl.parse(
            """
            Memory = 2000; Requirements = other.Memory >= self.Memory && TARGET.Accepts;
            Name = "job"; Back = other.Name; Sub = other.Sub.x; Whole = other == undefined; Size = size(other)
            """);
    Ad machine =
        Jdl.parse(
            "Memory = 4000; Accepts = TARGET.Memory < MY.Memory; Name = other.Name; Sub = [x = other.Memory]");
    Context context = Context.of(job, machine);
    assertThat(job.evaluate("Requirements", context)).isEqualTo(Value.TRUE);
    assertThat(job.evaluate("Back", context)).isEqualTo(Value.of("job"));
    assertThat(job.evaluate("Sub", context)).isEqualTo(Value.of(2000L));
    assertThat(job.evaluate("Size", context)).isEqualTo(Value.of(4L));
    assertThat(job.evaluate("Requirements")).isEqualTo(Value.UNDEFINED);
  }

  @Test
  void whatDependsOnItselfIsAnErrorAlsoAcrossAds() {
    Ad job = Jdl.parse("a = b; b = [c = a].c; r = other.r; s = isError(a)");
    Context context = Context.of(job, job);
    assertThat(job.evaluate("a")).isInstanceOf(ErrorValue.class);
    assertThat(job.evaluate("s")).isEqualTo(Value.TRUE);
    assertThat(job.evaluate("r", context)).isInstanceOf(ErrorValue.class);
    assertThat(job.evaluate("other", Context.of(job))).isEqualTo(Value.UNDEFINED);
  }

  @Test
  void timeComesFromTheContextOnly() {
    Ad ad = Jdl.parse("x = time() + 1");
    Context context = Context.of(ad).withClock(InstantSource.fixed(Instant.ofEpochSecond(100)));
    assertThat(ad.evaluate("x", context)).isEqualTo(Value.of(101L));
  }

  @Test
  void expressionsThatGrowWithoutEndAreCutOff() {
    StringBuilder numbers = new StringBuilder("x0 = 1;");
    StringBuilder texts = new StringBuilder("x0 = \"abcdefghij\";");
    StringBuilder lists = new StringBuilder("x0 = {1};");
    StringBuilder chain = new StringBuilder("x0 = 1;");
    for (int i = 1; i <= 150; i++) {
      int before = i - 1;
      numbers.append("x%d = x%d + x%d;".formatted(i, before, before));
      texts.append("x%d = strcat(x%d, x%d);".formatted(i, before, before));
      lists.append("x%d = {x%d, x%d};".formatted(i, before, before));
    }
    for (int i = 1; i <= 100_000; i++) {
      chain.append("x%d = x%d;".formatted(i, i - 1));
    }
    assertThat(reason(numbers, "x60")).contains("more than 1000000 steps");
    assertThat(reason(texts, "x50")).contains("more than 1000000 steps");
    assertThat(reason(lists, "x50")).contains("more than 1000000 steps");
    assertThat(reason(chain, "x100000")).contains("levels deep");
    assertThat(
            reason(
                new StringBuilder(
                    "x = regexp(\"(a|b|c|d|e|f)*z\", \"" + "abcdef".repeat(100_000) + "\")"),
                "x"))
        .contains("more than 1000000 steps");
  }

  @Test
  void theItemsOfAListShareOneBudget() {
    String costly = "regexp(\"(a|b)*c\", \"" + "ab".repeat(10_000) + "\")";
    Ad ad = Jdl.parse("X = {%s%s}".formatted("\"a\",", (costly + ",").repeat(50)));
    assertThat(catchThrowable(() -> ad.strings("X")))
        .isInstanceOf(JdlTypeException.class)
        .hasMessageContaining("steps");
  }

  @Property(tries = 3000)
  void everyEvaluationEndsInAValue(
      @ForAll("ads") Ad self, @ForAll("ads") Ad other, @ForAll("expressions") Expr expr) {
    Context context = Context.of(self, other).withBudget(10_000);
    Value value = expr.evaluate(context);
    assertThat(value).isNotNull();
    assertThat(expr.evaluate(context)).as("again").hasToString(value.toString());
    self.names().forEach(name -> assertThat(self.evaluate(name, context)).isNotNull());
  }

  @Provide
  Arbitrary<Ad> ads() {
    return AnyJdl.ads();
  }

  @Provide
  Arbitrary<Expr> expressions() {
    return AnyJdl.expressions();
  }

  private static String reason(StringBuilder text, String attribute) {
    Value value = Jdl.parse(text.toString()).evaluate(attribute);
    return value instanceof ErrorValue(String reason) ? reason : value.toString();
  }

  private static String word(String letter) {
    return switch (letter) {
      case "T" -> "true";
      case "F" -> "false";
      case "U" -> "undefined";
      case "E" -> "error";
      default -> letter;
    };
  }

  static Value value(String text) {
    return Jdl.parse("x = " + text).evaluate("x");
  }
}
