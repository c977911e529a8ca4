package org.spinor.jdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ParametricTest {

  @Test
  void aListGivesAJobForEachValue() {
    Parametric jobs =
        of(
            """
            Executable = "run.sh"; JobName = "%n_parametric"; Arguments = "%s of 100%% %q"; Parameters = {"first", "second", 3, 0.10};
            OutputSandbox = {"out_%s", "err", [x = strcat("%s", self.y)]};
            """);
    assertThat(jobs.isParametric()).isTrue();
    assertThat(jobs.count()).isEqualTo(4);
    assertThat(jobs.expand(1, 42))
        .hasToString(
            "[Executable = \"run.sh\"; JobName = \"1_parametric\"; Arguments = \"second of 100%% %q\"; "
                + "OutputSandbox = {\"out_second\", \"err\", [x = strcat(\"second\", self.y)]}; "
                + "Parameter = \"second\"; ParameterNumber = 1]");
    assertThat(jobs.expand(3, 42).string("Parameter")).contains("0.10");
    assertThat(jobs.expand(2, 42).string("Arguments")).contains("3 of 100%% %q");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Parameters = 3                                                  | 1,1,1",
        "Parameters = 3; ParameterStart = 5                              | 5,5,5",
        "Parameters = 4; ParameterStart = 1; ParameterStep = 2           | 1,3,5,7",
        "Parameters = 4; ParameterStep = 1; ParameterFactor = 2          | 1,3,7,15",
        "Parameters = 4; ParameterStart = 0.; ParameterStep = 0.1        | 0.0,0.1,0.2,0.30000000000000004",
        "Parameters = 3; ParameterStep = 1.0                             | 1.0,2.0,3.0",
        "Parameters = 3; ParameterFactor = 2.0                           | 1.0,2.0,4.0",
        "Parameters = 3; ParameterStart = 1e15; ParameterFactor = 10     | 1000000000000000.0,1e+16,1e+17",
        "Parameters = \"3\"; ParameterStart = \"-1\"; ParameterStep = \"2\" | -1,1,3",
        "parameters = 2 + 1; PARAMETERSTART = 7                          | 7,7,7",
        "Parameters = {5, 6}; ParameterStart = 9                         | 5,6",
        "Parameters = split(\"a b\")                                     | a,b",
        "Parameters = {1 + 1, true, -5}                                  | 2,true,-5",
      })
  void valuesAreThoseOfDirac(String parameters, String values) {
    Parametric jobs = of(parameters);
    assertThat(
            IntStream.range(0, jobs.count())
                .mapToObj(i -> jobs.expand(i, 1).string("Parameter").orElse("")))
        .containsExactly(values.split(","));
  }

  @Test
  void namedParametersGoTogether() {
    Parametric jobs =
        of(
            """
            Parameters.Energy = {10, 20, 30}; Parameters.Name = {"a", "b", "c"};
            ParameterStart.seed = 100; ParameterStep.seed = 5;
            Arguments = "%(Energy)s %(name)s %(seed)s %s %(other)s %n";
            """);
    Ad job = jobs.expand(2, 7);
    assertThat(job.names())
        .containsExactly(
            "Arguments", "Parameter.Energy", "Parameter.Name", "Parameter.seed", "ParameterNumber");
    assertThat(job.string("Arguments")).contains("30 c 110 %s %(other)s 2");
    assertThat(job.string("Parameter.energy")).contains("30");
    assertThat(job.get("Parameter.energy")).contains(Expr.of("30"));
    assertThat(job.integer("ParameterNumber")).hasValue(2);
  }

  @Test
  void theNumberHasLeadingZeros() {
    assertThat(of("Parameters = 10; A = \"%n\"").expand(9, 1).string("A")).contains("9");
    assertThat(of("Parameters = 11; A = \"%n\"").expand(9, 1).string("A")).contains("09");
    assertThat(of("Parameters = 1000000; A = \"%n\"").expand(42, 1).string("A")).contains("000042");
  }

  @Test
  void theJobIdIsKnownToAllJobs() {
    Parametric plain = of("A = \"%j %n %s\"; B = %j; Parameter = \"mine\"; ParameterStart = 3");
    assertThat(plain.isParametric()).isFalse();
    assertThat(plain.count()).isEqualTo(1);
    assertThat(plain.expand(0, 379))
        .hasToString("[A = \"379 %n %s\"; B = 379; Parameter = \"mine\"; ParameterStart = 3]");
    assertThat(of("Parameters = {\"out_%j\"}; A = \"%s/%j\"").expand(0, 5))
        .hasToString("[A = \"out_5/5\"; Parameter = \"out_5\"; ParameterNumber = 0]");
  }

  @Test
  void outsideOfQuotesAPlaceholderKeepsTheTypeOfItsValue() {
    Ad job = of("Parameters = {7, 8}; A = %s + 1; B = %n; C = %j; D = %(x)s").expand(1, 99);
    assertThat(job)
        .hasToString(
            "[A = 8 + 1; B = 1; C = 99; D = %(x)s; Parameter = \"8\"; ParameterNumber = 1]");
  }

  @Test
  void aValueMayBeAList() {
    Parametric jobs =
        of(
            """
            Parameters = {{"LFN:/a", "LFN:/b"}, {"LFN:/c"}}; A = %s; B = {%s}; C = {"x", "%s", "-%s-"}; D = "%s";
            """);
    assertThat(jobs.expand(0, 1))
        .hasToString(
            "[A = {\"LFN:/a\", \"LFN:/b\"}; B = {\"LFN:/a\", \"LFN:/b\"}; "
                + "C = {\"x\", \"LFN:/a\", \"LFN:/b\", \"-LFN:/a,LFN:/b-\"}; D = \"LFN:/a,LFN:/b\"; "
                + "Parameter = {\"LFN:/a\", \"LFN:/b\"}; ParameterNumber = 0]");
  }

  @Test
  void valuesDoNotInjectAnything() {
    Ad job = of("Parameters = {\"\\\"; Owner = \\\"root %n %s\"}; A = \"%s\"").expand(0, 1);
    assertThat(job.names()).containsExactly("A", "Parameter", "ParameterNumber");
    assertThat(job.string("A")).contains("\"; Owner = \"root %n %s");
    assertThat(Jdl.parse(Printer.print(job))).isEqualTo(job);
  }

  @Test
  void allProblemsAreReportedTogether() {
    assertThat(
            problems(
                "Parameters.a = {1, 2}; Parameters.b = {1, 2, 3}; Parameters.c = 2; ParameterStep = \"x\""))
        .containsExactly(
            "Parameters.b: 3 values, but 2 in Parameters.a",
            "Parameters.c: expected a list, found the integer 2",
            "ParameterStep: expected a number, found the string \"x\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Parameters = 0      | Parameters: there must be at least one value, not 0",
        "Parameters = -3     | Parameters: there must be at least one value, not -3",
        "Parameters = {}     | Parameters: there must be at least one value, not 0",
        "Parameters = 1.5    | Parameters: expected a list or how many there are, found the real 1.5",
        "Parameters = nobody | Parameters: expected a list or how many there are, found nothing (undefined)",
        "Parameters = {a, b} | Parameters: value 1 is nothing (undefined) (strings stand in quotes)",
        "Parameters = {1, [x = 1]}     | Parameters: value 2 is an ad (strings stand in quotes)",
        "Parameters = {{1}, {{2}}}     | Parameters: value 2 is a list of 1 (strings stand in quotes)",
        "Parameters = 2000000000       | Parameters: asks for 2000000000 jobs, at most 10000000 are allowed",
        "Parameters = 2; ParameterStart = {1}; ParameterFactor = true | ParameterStart: expected a number, found a list of 1; ParameterFactor: expected a number, found the boolean true",
        "Parameters = 70; ParameterFactor = 2                  | Parameters: the values grow beyond 64 bits",
        "Parameters = 3; ParameterStep = 9223372036854775807   | Parameters: the values grow beyond 64 bits",
        "Parameters = 2000; ParameterFactor = 2.               | Parameters: the values grow beyond 64 bits",
      })
  void whatMakesNoSenseIsRefused(String parameters, String problems) {
    assertThat(problems(parameters)).containsExactly(problems.split("; "));
  }

  @Test
  void theCallerCanAllowFewerJobs() {
    assertThat(Parametric.of(Jdl.parse("Parameters = 10"), 10).count()).isEqualTo(10);
    assertThatThrownBy(() -> Parametric.of(Jdl.parse("Parameters = 11"), 10))
        .isInstanceOf(ParametricException.class)
        .hasMessage("Parameters: asks for 11 jobs, at most 10 are allowed");
    assertThatThrownBy(() -> Parametric.of(Jdl.parse("Parameters = {1, 2, 3}"), 2))
        .isInstanceOf(ParametricException.class);
    StringBuilder many = new StringBuilder("Parameters = 5;");
    IntStream.range(0, 1000).forEach(i -> many.append("ParameterStart.x%d = 1;".formatted(i)));
    assertThat(problems(many.toString()))
        .containsExactly("ParameterStart.x99: more than 100 sequences");
  }

  @Test
  void thereAreNoOtherJobs() {
    Parametric jobs = of("Parameters = 3");
    assertThatThrownBy(() -> jobs.expand(3, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> jobs.expand(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> of("A = 1").expand(1, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void knowsWhichAttributesVary() {
    Parametric jobs =
        of(
            """
            Parameters = {1, 2}; Site = "A"; JobName = "x_%n"; Log = "%j"; Out = {"a", [b = "%s"]}; Bare = %s;
            Unknown = "%(x)s"; Uses = Site; UsesName = self.JobName; Indirect = UsesName == "y"; All = self["Site"];
            Number = ParameterNumber + 1; Others = other.JobName; Nested = [ y = Out[0] ];
            """);
    assertThat(
            List.of("Site", "Log", "Unknown", "Uses", "Others", "Parameters", "absent").stream()
                .filter(jobs::varies))
        .isEmpty();
    assertThat(
            List.of(
                "jobname",
                "Out",
                "Bare",
                "UsesName",
                "Indirect",
                "All",
                "Number",
                "Nested",
                "Parameter",
                "ParameterNumber"))
        .allMatch(jobs::varies);
    Parametric plain = of("A = \"%j %n %s\"; B = A");
    assertThat(plain.varies("A") || plain.varies("B")).isFalse();
  }

  @Test
  void whatIsTheSameInAllJobsIsShared() {
    Ad ad = Jdl.parse("Parameters = 5; Data = {\"a\", {\"100%\"}}; Mixed = {[x = {1}], \"%s\"}");
    Parametric jobs = Parametric.of(ad);
    Ad one = jobs.expand(0, 1);
    Ad two = jobs.expand(1, 2);
    assertThat(one.get("Data").orElseThrow())
        .isSameAs(two.get("Data").orElseThrow())
        .isSameAs(ad.get("Data").orElseThrow());
    assertThat(Expressions.parts(one.get("Mixed").orElseThrow()).getFirst())
        .isSameAs(Expressions.parts(two.get("Mixed").orElseThrow()).getFirst());
  }

  @Property
  void realSequencesAreThoseOfTheIteration(
      @ForAll @DoubleRange(min = -10, max = 10) double start,
      @ForAll @DoubleRange(min = -1.1, max = 1.1) double factor,
      @ForAll @DoubleRange(min = -10, max = 10) double step,
      @ForAll @IntRange(min = 1, max = 500) int count) {
    Ad ad =
        Ad.builder()
            .put("Parameters", count)
            .put("ParameterStart", start)
            .put("ParameterFactor", factor)
            .put("ParameterStep", step)
            .build();
    Parametric jobs = Parametric.of(ad);
    List<String> expected = new ArrayList<>();
    double value = start;
    for (int i = 0; i < count; i++) {
      expected.add(NumberText.of(value));
      value = value * factor + step;
    }
    assertThat(
            IntStream.range(0, count)
                .mapToObj(i -> jobs.expand(i, 1).string("Parameter").orElse("")))
        .containsExactlyElementsOf(expected);
  }

  @Property
  void integerSequencesAreThoseOfTheIteration(
      @ForAll @LongRange(min = -1000, max = 1000) long start,
      @ForAll @LongRange(min = -1, max = 1) long factor,
      @ForAll long step,
      @ForAll @IntRange(min = 1, max = 300) int count) {
    Ad ad =
        Ad.builder()
            .put("Parameters", count)
            .put("ParameterStart", start)
            .put("ParameterFactor", factor)
            .put("ParameterStep", step / 1000)
            .build();
    Parametric jobs = Parametric.of(ad);
    long value = start;
    for (int i = 0; i < count; i++) {
      assertThat(jobs.expand(i, 1).string("Parameter")).contains(Long.toString(value));
      value = value * factor + step / 1000;
    }
  }

  @Test
  void aMillionJobsCostNoMemory() {
    Parametric jobs =
        of("Parameters = 1000000; ParameterStart = 0.5; ParameterFactor = 1.000001; A = \"%s\"");
    assertThat(jobs.expand(999_999, 1).string("A"))
        .isEqualTo(jobs.expand(999_999, 1).string("Parameter"));
    assertThat(jobs.expand(0, 1).string("A")).contains("0.5");
  }

  private static Parametric of(String text) {
    return Parametric.of(Jdl.parse(text));
  }

  private static List<String> problems(String text) {
    return catchThrowableOfType(ParametricException.class, () -> of(text)).problems().stream()
        .map(problem -> problem.attribute() + ": " + problem.message())
        .toList();
  }
}
