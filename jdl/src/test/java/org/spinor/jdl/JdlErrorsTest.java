package org.spinor.jdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JdlErrorsTest {

  @Test
  void tenErrorsAreReportedTogether() {
    List<JdlProblem> problems =
        problems(
            """
            [
              Executable = "run.sh;
              Arguments = ;
              = "std.out";
              InputSandbox = {"a" "b", "c"};
              OutputSandbox = {"x", "y";
              CPUTime = 12abc
              Site = "LCG.CERN.ch"
              Priority = (1 + 2;
              Tags = {"a", "b"]];
              Rank == 5;
            ]
            """);
    assertThat(problems)
        .extracting(JdlProblem::line)
        .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  }

  @Test
  void aProblemShowsTheLineWithACaretAndWhatWasExpected() {
    JdlException exception =
        catchThrowableOfType(
            JdlException.class, () -> Jdl.parse("A = 1;\nExecutable\t= \"x\" B;\nC = 3;"));
    assertThat(exception)
        .hasMessage(
            """
            1 problem in the job description:
            line 2, column 18: expected ';', found the name 'B'
                Executable = "x" B;
                                 ^""");
    assertThat(exception.problems())
        .containsExactly(
            new JdlProblem(
                2, 18, "Executable = \"x\" B;", 17, "';'", "expected ';', found the name 'B'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "A = \"x | this string has no closing \" on its line (a line break in it is written \\n)",
        "A = 'x | this name has no closing ' on its line (a line break in it is written \\n)",
        "A = '' | a name must not be empty",
        "A = /* 1 | this comment has no end, expected '*/'",
        "A = 1x | this is neither a number nor a name",
        "A = 5G2 | this is neither a number nor a name",
        "A = 1e999 | this number does not fit in 64 bits",
        "A = 9223372036854775808 | this number does not fit in 64 bits",
        "A = “x” | strings stand in plain quotes (\"), not in typographic ones",
        "A = \\ | the character '\\' has no meaning here",
        "A = \"\\0\" | this holds a character that is none (NUL or half a pair)",
        "A = | expected a value, found the end of the text",
        "A = 1 + ; | expected a value, found ';'",
        "A = other. | expected an attribute name, found the end of the text",
        "A | expected '=', found the end of the text",
        "\"A\" = 1 | expected an attribute name, found the string \"A\"",
        "A = b = 1 | expected ';', found '=' (a comparison is written '==')",
        "A = {1, 2 | expected ',' or '}', found the end of the text",
        "A = f(1, 2; | expected ',' or ')', found ';'",
        "A = x[1; | expected ']', found ';'",
        "A = a ? b; | expected ':', found ';'",
        "A = %q | expected a value, found '%'",
        "[ A = 1; | expected ']', found the end of the text",
        "[ A = 1 B = 2 ] | expected ';' or ']', found the name 'B'",
        "[ A = 1 ] B = 2 | expected the end of the text, found the name 'B'",
        "A = 1 ] | expected ';', found ']'",
      })
  void oneMistakeIsOneProblem(String text, String message) {
    assertThat(problems(text)).extracting(JdlProblem::message).containsExactly(message);
  }

  @Test
  void aMissingSemicolonIsShownWhereItBelongs() {
    assertThat(problems("A = 1\nB = 2 @\nC = 3"))
        .extracting(JdlProblem::line, JdlProblem::column)
        .containsExactly(tuple(1, 6), tuple(2, 7));
  }

  @Test
  void anOpenBracketIsNamedWithItsLine() {
    assertThat(problems("A = {\n\"a\",\n\"b\";\nB = 1;"))
        .extracting(JdlProblem::message)
        .containsExactly("expected ',' or '}' for the '{' of line 1, found ';'");
    assertThat(problems("[\nA = 1;\n"))
        .extracting(JdlProblem::message)
        .containsExactly("expected ']' for the '[' of line 1, found the end of the text");
  }

  @Test
  void aForgottenBracketHidesNoOtherProblem() {
    assertThat(problems("A = {\"a\", \"b\"\nB = ;\nC = [ x = (1;\n y = } ];\nD = @;"))
        .extracting(JdlProblem::line)
        .containsExactly(2, 2, 3, 4, 5);
  }

  @Test
  void whatFollowsTheLastBracketIsStillChecked() {
    assertThat(problems("[ A = 1 ]\nB = @;\n]")).extracting(JdlProblem::line).containsExactly(2, 2);
  }

  @Test
  void lineBreaksOfAllSystemsCount() {
    assertThat(problems("A = 1;\r\nB = 2;\rC = 3;\nD = @"))
        .extracting(JdlProblem::line, JdlProblem::column)
        .containsExactly(tuple(4, 5));
  }

  @Test
  void columnsCountCharacters() {
    JdlProblem problem = problems("A = \"🚀🚀\" @").getFirst();
    assertThat(problem.column()).isEqualTo(10);
    assertThat(problem.sourceLine().charAt(problem.caret())).isEqualTo('@');
  }

  @Test
  void nothingThatReachesATerminalCanControlIt() {
    JdlProblem problem = problems("A = \"\u001b[2J\u202e\" \u001b[31m;").getFirst();
    assertThat(problem.render().replace("\n", "")).doesNotContainPattern("\\p{Cntrl}|\u202e");
    assertThat(problem.message()).isEqualTo("the character U+001B has no meaning here");
  }

  @Test
  void ofAVeryLongLineOnlyThePieceAroundThePlaceIsShown() {
    JdlProblem problem = problems("A = " + "1+".repeat(200) + "@" + "+1".repeat(200)).getFirst();
    assertThat(problem.column()).isEqualTo(405);
    assertThat(problem.sourceLine()).hasSizeLessThan(130).startsWith("...").endsWith("...");
    assertThat(problem.sourceLine().charAt(problem.caret())).isEqualTo('@');
  }

  @Test
  void afterAHundredProblemsItStops() {
    JdlException exception =
        catchThrowableOfType(JdlException.class, () -> Jdl.parse("= 1;\n".repeat(1000)));
    assertThat(exception.problems()).hasSize(Jdl.MAX_PROBLEMS);
    assertThat(exception).hasMessageStartingWith("100 problems in the job description (and more):");
  }

  @Test
  void aTooLargeTextIsRefusedUnread() {
    JdlException exception = catchThrowableOfType(JdlException.class, () -> Jdl.parse("A = 1", 4));
    assertThat(exception.problems())
        .extracting(JdlProblem::message)
        .containsExactly("the text has 5 characters, at most 4 are allowed");
    assertThat(Jdl.parse("A = 1", 5).integer("A")).hasValue(1);
  }

  static List<JdlProblem> problems(String text) {
    return catchThrowableOfType(JdlException.class, () -> Jdl.parse(text)).problems();
  }
}
