package org.spinor.server.configuration.cfg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CfgReaderTest {
  private static final Path EXAMPLE = Path.of("../examples/dirac-cfg/two-vos.cfg");

  private static CfgSection read(String text) throws CfgSyntaxException {
    return CfgReader.read(text).top();
  }

  private static String value(CfgSection top, String section, String option) {
    return top.section(section).option(option).map(CfgOption::value).orElse("(none)");
  }

  private static CfgOption option(CfgSection section, String name) {
    return section.option(name).orElseThrow();
  }

  @Test
  void readsSectionsOptionsListsAndComments() throws Exception {
    CfgSection top =
        read(
            """
            # the whole
            Registry # of people
            {
              Users { anna {
                DN = /O=Grid/CN=Anna A, /O=Other/CN=Anna   # two of them
                Email = anna@example.org
              }
              }
              Quota=5
              List = a
              List += b, c
              List +=
              New += first
              Equation = x = {1} += 2
              Empty =
            }
            Top = 1
            """);
    assertThat(value(top, "Registry/Users/anna", "DN"))
        .isEqualTo("/O=Grid/CN=Anna A, /O=Other/CN=Anna");
    assertThat(value(top, "Registry", "Quota")).isEqualTo("5");
    assertThat(option(top.section("Registry"), "List").list()).containsExactly("a", "b", "c");
    assertThat(value(top, "Registry", "New")).isEqualTo("first");
    assertThat(value(top, "Registry", "Equation")).isEqualTo("x = {1} += 2");
    assertThat(value(top, "Registry", "Empty")).isEmpty();
    assertThat(value(top, "Nothing/There", "at all")).isEqualTo("(none)");
    assertThat(option(top, "Top").line()).isEqualTo(17);
    assertThat(top.section("Registry/Users").path()).isEqualTo("/Registry/Users");
    assertThat(top.size()).isEqualTo(8);
  }

  @Test
  void aRepeatedOptionIsTold() throws Exception {
    CfgReader.Read read = CfgReader.read("A {\n x = 1\n x = 2\n}\r\n");
    assertThat(value(read.top(), "A", "x")).isEqualTo("2");
    assertThat(read.repeated())
        .containsExactly("/A/x is set in line 2 and again in line 3; the last one counts");
  }

  @Test
  void errorsSayWhere() {
    assertError("A {\n  B {\n    x = 1\n  }\n", "line 1, column 1: section /A is not closed");
    assertError("A { }\n }\n", "line 2, column 2: } without a section");
    assertError("\n  {\n}", "line 2, column 3: a name is missing before the {");
    assertError("A {\n  = 5\n}", "line 2, column 3: a name is missing before the =");
    assertError("A {\n  word\n  other = 5\n}", "line 2, column 3: expected { or = after 'word'");
    assertError("A {\n  word\n}", "line 2, column 3: expected { or = after 'word'");
    assertError("A {\n}\nword", "line 3, column 1: expected { or = after 'word'");
    assertError(
        "A\n{\n}\n A {\n}", "line 4, column 2: section A is written twice, first in line 1");
    assertError("a/b = 1", "line 1, column 1: 'a/b': a name has no / in it");
    assertError("a".repeat(2000) + " = 1", "line 1, column 1: a name has at most 1000 letters");
  }

  private static void assertError(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(CfgSyntaxException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void depthIsLimitedBeforeAnyStackIs() {
    assertThatThrownBy(() -> read("a{".repeat(1_000_000)))
        .isInstanceOf(CfgSyntaxException.class)
        .hasMessageContaining("deeper than 100");
  }

  @Test
  void largeTextsTakeTimeInProportion() throws Exception {
    String list = "A {\n" + "  Long += value\n".repeat(400_000) + "}\n";
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      many.append("S").append(i).append(" {\n x = ").append(i).append("\n}\n");
    }
    String blank = " \t".repeat(2_000_000) + "x";
    String pending = "word ".repeat(1_000_000);
    // time of this thread alone, so that a busy machine does not count; the square would be minutes
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    long start = times.getCurrentThreadCpuTime();
    assertThat(option(read(list).section("A"), "Long").list()).hasSize(400_000);
    assertThat(read(many.toString()).sections().size()).isEqualTo(200_000);
    assertThatThrownBy(() -> read(blank)).isInstanceOf(CfgSyntaxException.class);
    assertThatThrownBy(() -> read(pending)).isInstanceOf(CfgSyntaxException.class);
    assertThat(Duration.ofNanos(times.getCurrentThreadCpuTime() - start))
        .isLessThan(Duration.ofSeconds(30));
  }

  @Property(tries = 2000)
  void anyLettersAreReadOrRefusedWithTheirPlace(@ForAll("soup") String text) {
    readOrRefused(text);
  }

  @Property(tries = 500)
  void anyBytesAreReadOrRefusedWithTheirPlace(@ForAll byte[] bytes) {
    readOrRefused(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  @Property(tries = 300)
  void everyTruncationIsReadOrRefusedWithItsPlace(@ForAll double part) throws Exception {
    String text = Files.readString(EXAMPLE);
    readOrRefused(text.substring(0, (int) (Math.abs(part % 1.0) * text.length())));
  }

  @Property(tries = 300)
  void whatIsWrittenIsReadAgain(@ForAll("names") List<String> names) throws Exception {
    StringBuilder text = new StringBuilder();
    names.forEach(name -> text.append(name).append("\n{\n  option = ").append(name).append('\n'));
    text.append("}\n".repeat(names.size()));
    CfgSection section = read(text.toString());
    for (String name : names) {
      section = section.section(name);
      assertThat(option(section, "option").value()).isEqualTo(name);
    }
  }

  @Provide
  Arbitrary<String> soup() {
    return Arbitraries.strings().withChars("ab{}=+#,/ \n\t\r\"").ofMaxLength(80);
  }

  @Provide
  Arbitrary<List<String>> names() {
    return Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8).list().ofMaxSize(20);
  }

  private static void readOrRefused(String text) {
    long lines = text.chars().filter(c -> c == '\n').count() + 1;
    try {
      assertThat(read(text).size()).isNotNegative();
    } catch (CfgSyntaxException e) {
      assertThat((long) e.line()).isBetween(1L, lines);
      assertThat(e.column()).isBetween(1, text.length() + 1);
    }
  }
}
