package org.spinor.jdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "LCG\\.(CERN|CNAF)\\.\\w+ ; LCG.CERN.ch ; `` ; true",
        "LCG\\.(CERN|CNAF)\\.\\w+ ; LCG.RAL.uk ; `` ; false",
        "^a.c$ ; abc ; `` ; true",
        "^a.c$ ; xabc ; `` ; false",
        "ABC ; xabcx ; `` ; false",
        "ABC ; xabcx ; i ; true",
        "[^a-c\\d]+x ; aaa1fx ; `` ; true",
        "[]a]b ; ]b ; `` ; true",
        "a{2,3}b ; ab ; `` ; false",
        "a{2,3}b ; aaaab ; `` ; true",
        "^a{2}$ ; aaa ; `` ; false",
        "^(?:ab)*?c+$ ; ababcc ; `` ; true",
        "\\bend\\b ; the end. ; `` ; true",
        "\\bend\\b ; bend it ; `` ; false",
        "x{,2} ; x{,2} ; `` ; true",
        "^$ ; `` ; `` ; true",
        "(a|) ; b ; `` ; true",
        "🚀. ; 🚀🚀 ; `` ; true",
      })
  void findsWhatThePatternSays(String pattern, String text, String options, boolean found) {
    assertThat(find(pattern, text, options)).isEqualTo(found);
  }

  @Test
  void optionsForLines() {
    assertThat(find("^b$", "a\nb\nc", "")).isFalse();
    assertThat(find("^b$", "a\nb\nc", "m")).isTrue();
    assertThat(find("a.b", "a\nb", "")).isFalse();
    assertThat(find("a.b", "a\nb", "s")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        ")",
        "a)",
        "[a",
        "[",
        "*a",
        "a**",
        "\\",
        "\\q",
        "(?=a)",
        "(?<x>a)",
        "\\1",
        "a{3,2}",
        "a{1001}",
        "[b-a]",
        "[[:alpha:]]",
        "((a{100}){100}){100}",
        "((){1000}){1000}",
        "[a-\\",
        "(?",
        "[\\"
      })
  void whatIsNoPatternOrTooMuchIsRefused(String pattern) {
    assertThatThrownBy(() -> find(pattern, "text", "")).isInstanceOf(Regex.PatternException.class);
  }

  @Test
  void deepGroupsAreRefused() {
    assertThatThrownBy(() -> find("(".repeat(100_000), "", ""))
        .isInstanceOf(Regex.PatternException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){12}$", "((a*)*)*$", "(a?){50}a{50}$"})
  void patternsThatMakeOthersBacktrackStayLinear(String pattern) {
    String text = "a".repeat(2_000) + "b";
    assertThat(steps(pattern, text)).isLessThan(1_000_000);
    assertThat(steps(pattern, text + text)).isLessThan(3 * steps(pattern, text));
  }

  @Property(tries = 2000)
  void findsWhatTheJdkFinds(@ForAll("patterns") String pattern, @ForAll("texts") String text) {
    assertThat(find(pattern, text, "")).isEqualTo(Pattern.compile(pattern).matcher(text).find());
  }

  @Provide
  Arbitrary<String> patterns() {
    return patterns(3);
  }

  private static Arbitrary<String> patterns(int depth) {
    Arbitrary<String> atoms =
        Arbitraries.of("a", "b", "c", ".", "[ab]", "[^a]", "\\d", "\\w", "\\b", "\\S");
    if (depth == 0) {
      return atoms;
    }
    Arbitrary<String> part = Arbitraries.lazy(() -> patterns(depth - 1));
    return Arbitraries.oneOf(
        atoms,
        part.list().ofMaxSize(3).map(parts -> String.join("", parts)),
        part.list().ofMinSize(1).ofMaxSize(3).map(parts -> "(" + String.join("|", parts) + ")"),
        part.flatMap(
            body ->
                Arbitraries.of("*", "+", "?", "{2}", "{0,2}", "{1,}", "*?")
                    .map(repetition -> "(?:" + body + ")" + repetition)));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("abc1 -").ofMaxLength(8);
  }

  private static boolean find(String pattern, String text, String options) {
    return Regex.compile(pattern, options, _ -> {}).find(text, _ -> {});
  }

  private static long steps(String pattern, String text) {
    AtomicLong steps = new AtomicLong();
    Regex.compile(pattern, "", steps::addAndGet).find(text, steps::addAndGet);
    return steps.get();
  }
}
