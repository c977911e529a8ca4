package org.spinor.jdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AdTest {

  private static final Ad JOB =
      Jdl.parse(
          """
          JobName = "demo"; CPUTime = "86400"; N = 4; Memory = 2G; Rate = 2.5; Flag = true;
          Debug = "TRUE"; Site = "LCG.CERN.ch, LCG.CNAF.it,"; Tags = {"a", 7, 0.10, true, undefined};
          Twice = N * 2; Missing = nothing; Wrong = N + "x"; Nested = [ x = 1 ]; Computed = split("p q");
          """);

  @Test
  void namesAreFoundInAnyLetterCaseAndKeepTheirSpelling() {
    assertThat(JOB.get("cputime")).isEqualTo(JOB.get("CPUTime")).isPresent();
    assertThat(JOB.contains("JOBNAME")).isTrue();
    assertThat(JOB.names()).startsWith("JobName", "CPUTime", "N");
    assertThat(JOB.get("absent")).isEmpty();
  }

  @Test
  void withAndWithoutMakeNewAds() {
    Ad ad = Ad.builder().put("A", 1).put("B", 2).put("C", 3).build();
    assertThat(ad.with("b", Expr.of(5))).hasToString("[A = 1; B = 5; C = 3]");
    assertThat(ad.with("D", Expr.of("x"))).hasToString("[A = 1; B = 2; C = 3; D = \"x\"]");
    assertThat(ad.without("a", "C", "Z")).hasToString("[B = 2]");
    assertThat(ad).hasToString("[A = 1; B = 2; C = 3]");
    assertThat(ad.without("A", "B", "C").isEmpty()).isTrue();
  }

  @Test
  void theBuilderTakesValuesOfAllTypes() {
    Ad ad =
        Ad.builder()
            .put("Text", "a\"b")
            .put("Int", 3)
            .put("Real", 2.0)
            .put("Bool", true)
            .put("List", List.of("x", "y"))
            .put("Ad", Ad.builder().put("z", 1).build())
            .put("Expr", Jdl.parse("e = self.Int + 1").get("e").orElseThrow())
            .build();
    assertThat(ad)
        .hasToString(
            "[Text = \"a\\\"b\"; Int = 3; Real = 2.0; Bool = true; List = {\"x\", \"y\"}; "
                + "Ad = [z = 1]; Expr = self.Int + 1]");
    assertThat(ad.toBuilder().put("int", 4).build().integer("Int")).hasValue(4);
  }

  @Test
  void orderAndSpellingDoNotCountForEquality() {
    Ad one = Jdl.parse("A = 1; B = {2, [C = 3]}");
    assertThat(Jdl.parse("b = {2, [c = 3]}; a = 0x1")).isEqualTo(one).hasSameHashCodeAs(one);
    assertThat(Jdl.parse("A = 1; B = {2, [C = 4]}")).isNotEqualTo(one);
    assertThat(Jdl.parse("A = 1")).isNotEqualTo(one);
    assertThat(Jdl.parse("A = 1; C = {2, [C = 3]}")).isNotEqualTo(one);
  }

  @Test
  void gettersReadLiteralsAndExpressions() {
    assertThat(JOB.string("JobName")).contains("demo");
    assertThat(JOB.integer("N")).hasValue(4);
    assertThat(JOB.integer("Twice")).hasValue(8);
    assertThat(JOB.real("Rate")).contains(2.5);
    assertThat(JOB.bool("Flag")).contains(true);
    assertThat(JOB.strings("Tags")).containsExactly("a", "7", "0.10", "true");
    assertThat(JOB.strings("Computed")).containsExactly("p", "q");
  }

  @Test
  void gettersAreLenientWhereDiracClientsAre() {
    assertThat(JOB.integer("CPUTime")).hasValue(86400);
    assertThat(JOB.integer("Memory")).hasValue(2_147_483_648L);
    assertThat(JOB.string("N")).contains("4");
    assertThat(JOB.string("Flag")).contains("true");
    assertThat(JOB.real("N")).contains(4.0);
    assertThat(JOB.real("CPUTime")).contains(86400.0);
    assertThat(JOB.bool("Debug")).contains(true);
    assertThat(JOB.strings("JobName")).containsExactly("demo");
    assertThat(JOB.strings("Site")).containsExactly("LCG.CERN.ch, LCG.CNAF.it,");
    assertThat(JOB.commaSeparated("Site")).containsExactly("LCG.CERN.ch", "LCG.CNAF.it");
    assertThat(JOB.commaSeparated("Tags")).containsExactly("a", "7", "0.10", "true");
  }

  @Test
  void aListOfConstantsMayBeLongerThanTheBudgetOfAnEvaluation() {
    int size = Context.DEFAULT_BUDGET + 1;
    assertThat(Jdl.parse("X = {" + "\"a\",".repeat(size) + "}").strings("X")).hasSize(size);
  }

  @Test
  void whatIsMissingOrUndefinedIsEmpty() {
    for (String name : List.of("Missing", "NotThere")) {
      assertThat(JOB.string(name)).isEmpty();
      assertThat(JOB.integer(name)).isEmpty();
      assertThat(JOB.real(name)).isEmpty();
      assertThat(JOB.bool(name)).isEmpty();
      assertThat(JOB.strings(name)).isEmpty();
      assertThat(JOB.commaSeparated(name)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "JobName | JobName: expected an integer, found the string \"demo\"",
        "Rate    | Rate: expected an integer, found the real 2.5",
        "Flag    | Flag: expected an integer, found the boolean true",
        "Tags    | Tags: expected an integer, found a list of 5",
        "Nested  | Nested: expected an integer, found an ad",
        "Wrong   | Wrong: expected an integer, found an error: + is not defined for integer and string",
      })
  void aWrongTypeNamesAttributeAndTypes(String name, String message) {
    assertThatThrownBy(() -> JOB.integer(name))
        .isInstanceOfSatisfying(
            JdlTypeException.class, wrong -> assertThat(wrong.attribute()).isEqualTo(name))
        .hasMessage(message);
  }

  @Test
  void otherGettersRefuseWrongTypesToo() {
    assertThatThrownBy(() -> JOB.string("Tags"))
        .hasMessage("Tags: expected a string, found a list of 5");
    assertThatThrownBy(() -> JOB.bool("N"))
        .hasMessage("N: expected true or false, found the integer 4");
    assertThatThrownBy(() -> JOB.real("JobName"))
        .hasMessage("JobName: expected a number, found the string \"demo\"");
    assertThatThrownBy(() -> Jdl.parse("X = {1, {2}}").strings("X"))
        .hasMessage("X: expected a list of strings, found a list of 1");
  }

  @Test
  void textsThatCannotBeStoredAreRefused() {
    assertThatThrownBy(() -> Ad.builder().put("A", "x\u0000"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Ad.builder().put("A", "\ud800"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Ad.builder().put("", 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Expr.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
  }
}
