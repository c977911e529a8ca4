package org.spinor.jdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostileTextTest {

  /** Less than the usual 1 MiB, of which the caller's own frames need a part. */
  private static final int SMALL_STACK = 768 * 1024;

  private static final List<String> VALID =
      List.of(
          """
          [ /* a */ Executable = "run\\t\\"x\\".sh"; Arguments = "%s %(x)s"; // b
            Parameters.x = {1, 2.5e3, 3G, -0x1F}; 'odd name' = %n; # c
            JobRequirements = [ CPUTime = 86400; Sites = {"A", "B"}; ];
            Requirements = (other.a >= 3 && !self.b) || member("x", Tags) ? c[0].d : -e ?: ~f;
            Rank = a =?= undefined || b isnt error << 1 % 2;
          ]
          """,
          "A = {[x = {1, {2, [y = 3]}}], \"é🚀\"}; B = f(g(h()), {}, [])");

  @Test
  void everyTruncationIsReadOrRefused() throws InterruptedException {
    for (String text : VALID) {
      for (int end = 0; end <= text.length(); end++) {
        parse(text.substring(0, end));
        parse(text.substring(end));
      }
    }
  }

  @Property(tries = 2000)
  void everyMutationIsReadOrRefused(
      @ForAll("texts") String text,
      @ForAll @IntRange(max = 10_000) int place,
      @ForAll("pieces") String piece) {
    int at = place % text.length();
    isReadOrRefused(text.substring(0, at) + piece + text.substring(at + 1));
    isReadOrRefused(text.substring(0, at) + piece + text.substring(at));
  }

  @Property(tries = 2000)
  void randomBytesAreReadOrRefused(@ForAll @Size(max = 200) byte[] bytes) {
    isReadOrRefused(new String(bytes, StandardCharsets.UTF_8));
    isReadOrRefused(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  @Property(tries = 2000)
  void randomTokensAreReadOrRefused(@ForAll("tokens") List<String> tokens) {
    isReadOrRefused(String.join("", tokens));
    isReadOrRefused(String.join("\n", tokens));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a=",
        "{",
        "(",
        "f(",
        "!",
        "-",
        "~",
        "- -",
        "a[",
        "a?",
        "a?b:",
        "a?:",
        "a||",
        "a+(",
        "{[a={(",
        "a||b&&c|d^e&f==g<h<<i+j*(",
        "a||b&&c|d^e&f==g<h<<i+j*!(",
        "}",
        "]",
        ")",
        "\"",
        "'",
        "\\\"\n",
        "/*",
        "%(",
        "a.",
        "=",
        ";",
        ",",
        "a=;",
        "a=[;",
        "a={;",
        "a=(\n",
        "a=\"\n",
        "\u0000",
        "{,"
      })
  void deepAndLongRepetitionsEndInAnErrorOrAnAd(String piece) throws InterruptedException {
    String repeated = piece.repeat(1_000_000 / piece.length());
    parse("x = " + repeated);
    parse("[x = " + repeated);
    parse(repeated);
  }

  @ParameterizedTest
  @CsvSource({
    "{, }, 1",
    "(, ), 1",
    "f(, ), 1",
    "[a = , ], 1",
    "!, '', 1",
    "'1 + (', ), 2",
    "'a[', ], 1",
    "'a ? b : ', '', 1",
    "'{[a={(', ')}]}', 5",
  })
  void whatIsNotTooDeepIsUsable(String open, String close, int levels) throws InterruptedException {
    int deep = (Jdl.MAX_DEPTH - 2) / levels;
    String text = "x = " + open.repeat(deep) + "1" + close.repeat(deep);
    inSmallStack(
        () -> {
          Ad ad = Jdl.parse(text);
          assertThat(Jdl.parse(Printer.print(ad))).isEqualTo(ad).hasSameHashCodeAs(ad);
          ad.evaluate("x");
          Parametric.of(ad).expand(0, 1);
        });
    String tooDeep = "x = " + open.repeat(deep * 6) + "1" + close.repeat(deep * 6);
    assertThat(JdlErrorsTest.problems(tooDeep))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).contains("more than 200 deep"));
  }

  @Test
  void longChainsOfAlternativesAreNotDeep() throws InterruptedException {
    String chain = "other.Site == \"A\"" + " || other.Site == \"B\"".repeat(100_000);
    inSmallStack(
        () -> {
          Ad ad = Jdl.parse("Requirements = " + chain);
          assertThat(Jdl.parse(ad.toString())).isEqualTo(ad);
          assertThat(ad.evaluate("Requirements")).isEqualTo(Value.UNDEFINED);
        });
  }

  @Test
  void aMillionStringsAreRead() {
    Ad ad = Jdl.parse("X = {" + "\"abcdefgh\",".repeat(1_000_000) + "}");
    assertThat(ad.strings("x")).hasSize(1_000_000);
  }

  @Test
  void theTimeGrowsWithTheSizeOnly() {
    isLinear("strings", size -> "X = {" + "\"abcd\",".repeat(size) + "}");
    isLinear("attributes", size -> numbered(size, "a%d = %d;\n"));
    isLinear("references", size -> numbered(size / 4, "a%d = \"%%n\" + b%d;"));
    isLinear("parameters", size -> numbered(size / 4, "Parameters.x%d = {%d};"));
    isLinear(
        "wrong parameters",
        size -> numbered(size / 4, "ParameterStep.x%d = {%d}; Parameters = 0;"));
    isLinear("digits", size -> "X = " + "1".repeat(size));
    isLinear("blanks", size -> "X\n" + " ".repeat(size) + "\n= 1");
    isLinear("open quotes", size -> "X = \"\\\"\n".repeat(size));
    isLinear("percent", size -> "X = \"" + "%(".repeat(size) + "\"");
    isLinear("brackets", size -> "X = " + "[a={(".repeat(size));
    isLinear("escapes", size -> "X = \"" + "\\n\\q".repeat(size) + "\"");
  }

  /**
   * Processor time of this thread, best of three, for two sizes; quadratic work would be 16-fold.
   */
  private static void isLinear(String what, IntFunction<String> text) {
    String small = text.apply(25_000);
    String large = text.apply(100_000);
    long smallest = best(small);
    long largest = best(large);
    assertThat(largest)
        .as("time for 4 times the %s", what)
        .isLessThan(10 * Math.max(smallest, 5_000_000));
  }

  private static String numbered(int size, String attribute) {
    return IntStream.range(0, size)
        .mapToObj(i -> attribute.formatted(i, i))
        .collect(Collectors.joining());
  }

  private static long best(String text) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      isReadOrRefused(text);
      best = Math.min(best, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
    }
    return best;
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(VALID);
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "", "[", "]", "{", "}", "(", ")", "\"", "'", ";", "=", "\\", "/*", "\n", "%"),
        Arbitraries.strings().ofMaxLength(3));
  }

  @Provide
  Arbitrary<List<String>> tokens() {
    return Arbitraries.of(
            "[", "]", "{", "}", "(", ")", "a", "b = ", "1", "2.5", "\"s\"", "'q'", ";", ",", "=",
            "==", "+", "-", "||", "?", ":", ".", "%s", "%", "true", "is", "other", "//", "/*", "#",
            " ")
        .list()
        .ofMaxSize(40);
  }

  private static void parse(String text) throws InterruptedException {
    inSmallStack(() -> isReadOrRefused(text));
  }

  /** Whatever is read can be printed and read again, evaluated and expanded. */
  private static void isReadOrRefused(String text) {
    Ad ad;
    try {
      ad = Jdl.parse(text);
    } catch (JdlException exception) {
      assertThat(exception.problems()).isNotEmpty().hasSizeLessThanOrEqualTo(Jdl.MAX_PROBLEMS);
      exception.problems().forEach(HostileTextTest::isSound);
      return;
    }
    assertThat(Jdl.parse(ad.toString())).isEqualTo(ad);
    ad.names().forEach(ad::evaluate);
    assertThatCode(() -> Parametric.of(ad, 1000).expand(0, 1))
        .satisfiesAnyOf(
            thrown -> assertThat(thrown).isNull(),
            thrown -> assertThat(thrown).isInstanceOf(ParametricException.class));
  }

  private static void isSound(JdlProblem problem) {
    assertThat(problem.line()).isPositive();
    assertThat(problem.column()).isPositive();
    assertThat(problem.caret()).isBetween(0, problem.sourceLine().length());
    assertThat(problem.message()).isNotBlank();
    assertThat(problem.render().lines()).hasSize(3);
  }

  private static void inSmallStack(Runnable task) throws InterruptedException {
    AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());
    Thread thread = new Thread(null, task, "small stack", SMALL_STACK);
    thread.setUncaughtExceptionHandler((_, thrown) -> failure.set(Optional.of(thrown)));
    thread.start();
    thread.join();
    failure
        .get()
        .ifPresent(
            thrown -> {
              throw new AssertionError("failed with a small stack", thrown);
            });
  }
}
