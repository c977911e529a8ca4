package org.spinor.jdl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spinor.jdl.Expr.Binary;
import org.spinor.jdl.Expr.Logical;
import org.spinor.jdl.Expr.Reference;
import org.spinor.jdl.Expr.Scope;

final class JdlParserTest {

  @Test
  void readsAJobAsUsersWriteIt() {
    Ad ad =
        Jdl.parse(
            """
            [
              // what to run
              Executable = "runstuff.sh";
              Arguments  = "-n 10 --title \\"a b\\"";   # comments of all three kinds
              /* what to bring
                 and to take home */
              InputSandbox = {"runstuff.sh", "LFN:/vo/user/x.tar"};
              OutputSandbox = {"std.out", "std.err",};
              NumberOfProcessors = 4;
              CPUTime = "86400";
              Priority = -1;
              JobRequirements = [ Sites = {"LCG.CERN.ch"}; MaxRAM = 2.5 ];
              Requirements = other.Site == "LCG.CERN.ch" && self.Priority < 3;
            ]
            """);
    assertThat(ad.names())
        .containsExactly(
            "Executable",
            "Arguments",
            "InputSandbox",
            "OutputSandbox",
            "NumberOfProcessors",
            "CPUTime",
            "Priority",
            "JobRequirements",
            "Requirements");
    assertThat(ad.string("arguments")).contains("-n 10 --title \"a b\"");
    assertThat(ad.strings("InputSandbox")).containsExactly("runstuff.sh", "LFN:/vo/user/x.tar");
    assertThat(ad.integer("CPUTIME")).hasValue(86400);
    assertThat(ad.integer("priority")).hasValue(-1);
    assertThat(ad.get("Requirements")).containsInstanceOf(Logical.class);
  }

  @ParameterizedTest
  @CsvSource({
    "[A = 1; B = 2],",
    "[A = 1; B = 2;],",
    "A = 1; B = 2,",
    "'; A = 1;; B = 2; ;',",
    "'\uFEFFA\u00A0= 1;\tB =\r\n2',",
    "[a = 1; b = 3; B = 2],",
  })
  void bracketsAndSpareSemicolonsAreOptional(String text) {
    assertThat(Jdl.parse(text)).isEqualTo(Ad.builder().put("A", 1).put("B", 2).build());
  }

  @ParameterizedTest
  @CsvSource({"''", "' '", "[]", "' [ ; ] '", "'# nothing'", "/**/"})
  void aTextWithoutAttributesIsTheEmptyAd(String text) {
    assertThat(Jdl.parse(text)).isEqualTo(Ad.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "7, 7",
    "007, 7",
    "0x1F, 31",
    "-9223372036854775808, -9223372036854775808",
    "- 5, -5",
  })
  void integers(String text, long value) {
    assertThat(expr(text)).isEqualTo(Expr.of(value));
  }

  @ParameterizedTest
  @CsvSource({
    "1.5, 1.5",
    "0., 0.0",
    ".5, 0.5",
    "1e3, 1000",
    "1.5E-3, 0.0015",
    "-0.0, -0.0",
    "5B, 5",
    "2k, 2048",
    "1.5M, 1572864",
    "3G, 3221225472",
    "1T, 1099511627776",
  })
  void realsWithAndWithoutUnits(String text, double value) {
    assertThat(expr(text)).isEqualTo(Expr.of(value));
  }

  @Test
  void numbersKeepTheirSpelling() {
    Ad ad = Jdl.parse("X = {0.10, 007, 2G, 1e3, 5}");
    assertThat(ad.strings("X")).containsExactly("0.10", "007", "2G", "1e3", "5");
    assertThat(ad).hasToString("[X = {0.10, 007, 2G, 1e3, 5}]");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\"a\\tb\\nc\", `a\tb\nc`",
        "\"\\\"\\\\\\'\", `\"\\'`",
        "\"\\101\\7\\0401\", `A\u0007 1`",
        "\"\\d+\\.root\", `\\d+\\.root`",
        "\"été ☀ 🚀\", été ☀ 🚀",
        "\"// no /* comment # here\", `// no /* comment # here`",
      })
  void stringsWithEscapes(String text, String value) {
    assertThat(expr(text)).isEqualTo(Expr.of(value));
  }

  @Test
  void wordsAreReservedInAnyLetterCase() {
    assertThat(expr("TRUE")).isEqualTo(Expr.of(true));
    assertThat(expr("False")).isEqualTo(Expr.of(false));
    assertThat(expr("Undefined")).isEqualTo(new Expr.Literal(Value.UNDEFINED));
    assertThat(expr("ERROR")).isEqualTo(new Expr.Literal(new Value.ErrorValue("")));
    assertThat(expr("a IS b")).isEqualTo(expr("a =?= b"));
    assertThat(expr("a isnt b")).isEqualTo(expr("a =!= b"));
  }

  @Test
  void reservedWordsAreNamesWhereOnlyANameCanStand() {
    Ad ad = Jdl.parse("Error = 1; is = other.error; 'my name' = 'Error'");
    assertThat(ad.names()).containsExactly("Error", "is", "my name");
    assertThat(ad.get("is")).contains(new Reference(Scope.OTHER, "error"));
    assertThat(ad.get("MY NAME")).contains(new Reference(Scope.NEAREST, "Error"));
  }

  @Test
  void attributeNamesMayHaveDots() {
    Ad ad = Jdl.parse("Parameters.energy = {1}; ParameterStart.2 = 5;\n X = Parameters.energy");
    assertThat(ad.names()).containsExactly("Parameters.energy", "ParameterStart.2", "X");
    assertThat(ad.get("X"))
        .contains(new Expr.Selection(new Reference(Scope.NEAREST, "Parameters"), "energy"));
  }

  @ParameterizedTest
  @CsvSource({
    "MY.x, self.x",
    "TARGET.x, other.x",
    ".x, self.x",
    "a + b * c, a + (b * c)",
    "a - b - c, (a - b) - c",
    "a || b && c, a || (b && c)",
    "a | b ^ c & d, a | (b ^ (c & d))",
    "a == b < c, a == (b < c)",
    "a < b << c + 1, a < (b << (c + 1))",
    "!a.b[0], !((a.b)[0])",
    "-a * b, (-a) * b",
    "a ? b : c ? d : e, a ? b : (c ? d : e)",
    "a ?: b ?: c, a ?: (b ?: c)",
    "a || b ? c : d, (a || b) ? c : d",
  })
  void operatorsBindAsInC(String text, String withParentheses) {
    assertThat(expr(text)).isEqualTo(expr(withParentheses));
  }

  @Test
  void aChainOfAlternativesIsOneNode() {
    Expr expr = expr("a || b || (c || d)");
    assertThat(expr).isInstanceOf(Logical.class);
    assertThat(((Logical) expr).operands()).hasSize(3);
    assertThat(expr("a - b - c")).isInstanceOf(Binary.class);
  }

  @Test
  void placeholdersOfParametersStandOutsideOfQuotesToo() {
    Ad ad = Jdl.parse("InputData = %s; X = {%(energy)s, %n, %j}; Y = 7 % s; Z = a %n");
    assertThat(ad.get("InputData")).contains(new Expr.Placeholder("%s"));
    assertThat(ad.get("X"))
        .contains(
            new Expr.ListOf(
                List.of(
                    new Expr.Placeholder("%(energy)s"),
                    new Expr.Placeholder("%n"),
                    new Expr.Placeholder("%j"))));
    assertThat(ad.get("Y")).containsInstanceOf(Binary.class);
    assertThat(ad.get("Z")).containsInstanceOf(Binary.class);
  }

  @Test
  void theLastOfSeveralDefinitionsCounts() {
    Ad ad = Jdl.parse("CPUTime = 1; Site = \"x\"; cputime = 2");
    assertThat(ad.names()).containsExactly("CPUTime", "Site");
    assertThat(ad.integer("CPUTime")).hasValue(2);
  }

  static Expr expr(String text) {
    return Jdl.parse("X = " + text).get("X").orElseThrow();
  }
}
