package org.spinor.jdl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FunctionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "isUndefined(undefined) | true",
        "isUndefined(1)         | false",
        "isError(1/0)           | true",
        "isString(\"x\")        | true",
        "isInteger(1.0)         | false",
        "isReal(1.0)            | true",
        "isBoolean(false)       | true",
        "isList({})             | true",
        "isClassAd([])          | true",
        "IFTHENELSE(1 > 2, error, 3) | 3",
        "ifThenElse(undefined, 1, 2) | undefined",
      })
  void types(String call, String expected) {
    check(call, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int(3.9)        | 3",
        "int(-3.9)       | -3",
        "int(\" 42 \")   | 42",
        "int(\"+2K\")    | 2048",
        "int(true)       | 1",
        "int(\"x\")      | error",
        "int(1e300)      | error",
        "int({})         | error",
        "real(3)         | 3.0",
        "real(\"2.5\")   | 2.5",
        "real(\"x\")     | error",
        "string(2.50)    | \"2.5\"",
        "string(true)    | \"true\"",
        "string({})      | error",
        "bool(\"TRUE\")  | true",
        "bool(0)         | false",
        "bool(\"yes\")   | error",
        "interval(93784) | \"1+02:03:04\"",
        "interval(-1)    | error",
      })
  void conversions(String call, String expected) {
    check(call, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "floor(2.7)            | 2",
        "floor(-2.1)           | -3",
        "ceiling(2.1)          | 3",
        "round(2.5)            | 2",
        "round(\"3.6\")        | 4",
        "floor(7)              | 7",
        "floor(1e300)          | error",
        "abs(-3)               | 3",
        "abs(-2.5)             | 2.5",
        "abs(-9223372036854775808) | error",
        "pow(2, 10)            | 1024",
        "pow(2, -1)            | 0.5",
        "pow(2.0, 2)           | 4.0",
        "pow(2, 64)            | error",
        "pow(-2, 63)           | -9223372036854775808",
        "pow(-1, 9223372036854775807) | -1",
        "pow(1, 9223372036854775806)  | 1",
        "pow(0, 1000)          | 0",
        "quantize(3, 8)        | 8",
        "quantize(16, 8)       | 16",
        "quantize(-3, 8)       | 0",
        "quantize(1.5, 1)      | 2.0",
        "quantize(5, {4, 6, 10}) | 6",
        "quantize(25, {4, 10}) | 30",
        "quantize(5, 0)        | 5",
        "quantize(5, {})       | 5",
        "quantize(\"a\", 2)    | error",
      })
  void numbers(String call, String expected) {
    check(call, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "strcat(\"a\", 1, 2.5, true)      | \"a12.5true\"",
        "strcat()                         | \"\"",
        "strcat(\"a\", undefined)         | undefined",
        "strcat(\"a\", {})                | error",
        "substr(\"abcdef\", 2)            | \"cdef\"",
        "substr(\"abcdef\", 1, 2)         | \"bc\"",
        "substr(\"abcdef\", -2)           | \"ef\"",
        "substr(\"abcdef\", 1, -2)        | \"bcd\"",
        "substr(\"abc\", 9, 9)            | \"\"",
        "substr(\"abc\", -9)              | \"abc\"",
        "substr(\"abc\", 0, 9223372036854775807) | \"abc\"",
        "substr(\"abc\", 2, -5)           | \"\"",
        "substr(\"🚀é🚀\", 1, 1)           | \"é\"",
        "toUpper(\"aé1\")                 | \"AÉ1\"",
        "toLower(\"AbC\")                 | \"abc\"",
        "strcmp(\"a\", \"B\") > 0         | true",
        "stricmp(\"A\", \"a\")            | 0",
        "regexp(\"^LCG\\..*ch$\", \"LCG.CERN.ch\") | true",
        "regexp(\"^lcg\", \"LCG.CERN.ch\")       | false",
        "regexp(\"^lcg\", \"LCG.CERN.ch\", \"i\") | true",
        "regexp(\"(\", \"x\")             | error",
        "regexp(undefined, \"x\")         | undefined",
        "split(\"a, b  c\")               | {\"a\", \"b\", \"c\"}",
        "split(\"a:b;c\", \":;\")         | {\"a\", \"b\", \"c\"}",
        "join(\", \", {\"a\", 1})         | \"a, 1\"",
        "join(\"-\", \"a\", \"b\")        | \"a-b\"",
        "join({\"a\", \"b\"})             | \"ab\"",
        "join(\"-\", {})                  | \"\"",
        "join(\",\", {\"\", \"a\"})       | \",a\"",
      })
  void texts(String call, String expected) {
    check(call, expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "size({1, 2})                | 2",
        "size(\"🚀é\")               | 2",
        "size([a = 1])               | 1",
        "member(\"A\", {\"a\", 1})   | true",
        "member(1, {\"a\", 1.0})     | true",
        "member(2, {})               | false",
        "member(undefined, {1})      | undefined",
        "member(1, 1)                | error",
        "identicalMember(\"A\", {\"a\"}) | false",
        "identicalMember(1, {1.0, 1})    | true",
        "sum({1, 2, 3})              | 6",
        "sum({1, 2.5})               | 3.5",
        "sum({})                     | 0",
        "sum({9223372036854775807, 1}) | error",
        "avg({1, 2})                 | 1.5",
        "avg({})                     | undefined",
        "min({3, 1.5, 2})            | 1.5",
        "max(3, 1, 2)                | 3",
        "max({})                     | undefined",
        "max({1, \"x\"})             | error",
        "max({1, undefined})         | undefined",
        "stringListSize(\"a, b, c\") | 3",
        "stringListSize(\"a;b\", \";\") | 2",
        "stringListMember(\"b\", \"a, b\") | true",
        "stringListMember(\"B\", \"a, b\") | false",
        "stringListIMember(\"B\", \"a, b\") | true",
        "stringListMember(\"a b\", \"a b:c\", \":\") | true",
      })
  void lists(String call, String expected) {
    check(call, expected);
  }

  @Test
  void functionsWorkOnWhatReferencesGive() {
    Ad job =
        Jdl.parse(
            "Tags = {\"GPU\", \"x\"}; Requirements = member(\"gpu\", self.Tags) && member(other.Site, {\"A\"})");
    assertThat(job.evaluate("Requirements", Context.of(job, Jdl.parse("Site = \"a\""))))
        .isEqualTo(Value.TRUE);
  }

  private static void check(String call, String expected) {
    assertThat(EvaluatorTest.value(call)).as(call).isEqualTo(EvaluatorTest.value(expected));
  }
}
