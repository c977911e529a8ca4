package org.spinor.jdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the user guide shows is true. */
final class UserGuideTest {

  private static final Pattern BLOCK = Pattern.compile("```jdl\n(.*?)```", Pattern.DOTALL);

  @Test
  void theExamplesWork() throws IOException {
    List<Ad> examples = examples();
    assertThat(examples).hasSize(4);
    assertThat(examples.get(0).strings("Site")).containsExactly("LCG.CERN.ch", "LCG.CNAF.it");
    Ad machine = Jdl.parse("Memory = 4G; Site = \"other\"; Load = 0.5; Speed = 7");
    assertThat(examples.get(1).evaluate("Requirements", Context.of(examples.get(1), machine)))
        .isEqualTo(Value.TRUE);
    assertThat(examples.get(1).evaluate("Rank", Context.of(examples.get(1), machine)))
        .isEqualTo(Value.of(7L));
    assertThat(examples.get(1).integer("CPUTime")).hasValue(2400);
  }

  @Test
  void theParametricExampleGivesTheJobThatIsShown() throws IOException {
    List<Ad> examples = examples();
    Parametric jobs = Parametric.of(examples.get(2));
    assertThat(jobs.count()).isEqualTo(3);
    assertThat(jobs.expand(2, 1)).isEqualTo(examples.get(3));
    assertThat(guide()).contains(Printer.print(jobs.expand(2, 1)));
  }

  @Test
  void theErrorsAreThoseThatAreShown() throws IOException {
    String shown = guide().replaceAll("(?s).*```\n(3 problems.*?)\n```.*", "$1");
    String text =
        """
        [
            Executable = "run.sh;
            OutputSandbox = {"a", "b" "c"};
            CPUTime = 3600
            Site = "LCG.CERN.ch";
        ]
        """;
    assertThatThrownBy(() -> Jdl.parse(text)).hasMessage(shown);
  }

  private static List<Ad> examples() throws IOException {
    return BLOCK
        .matcher(guide())
        .results()
        .map((MatchResult block) -> Jdl.parse(block.group(1)))
        .toList();
  }

  private static String guide() throws IOException {
    return Files.readString(Path.of("..", "docs", "user", "jdl.md"));
  }
}
