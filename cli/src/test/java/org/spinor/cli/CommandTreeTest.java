package org.spinor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Subcommand;
import picocli.CommandLine.Command;

class CommandTreeTest {
  @TempDir private Path folder;

  static Stream<List<String>> commands() {
    return CommandTree.top().stream()
        .flatMap(
            top ->
                Stream.concat(
                    Stream.of(List.of(top.name())),
                    CommandTree.within(top).stream()
                        .map(child -> List.of(top.name(), child.name()))));
  }

  @Test
  void namesAreThoseOfTheAnnotations() {
    List<Subcommand> all = new ArrayList<>(CommandTree.top());
    CommandTree.top().forEach(top -> all.addAll(CommandTree.within(top)));
    assertThat(all)
        .hasSizeGreaterThan(30)
        .allSatisfy(
            command -> {
              Command annotation = command.type().getAnnotation(Command.class);
              assertThat(annotation).as(command.name()).isNotNull();
              assertThat(annotation.name()).isEqualTo(command.name());
            });
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpWithAnExample(List<String> words) {
    List<String> line = new ArrayList<>(words);
    line.add("--help");
    Shell.Result result = new Shell(folder).run(line.toArray(String[]::new));
    assertThat(result.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith("Usage: spinor " + String.join(" ", words));
    boolean group =
        words.size() == 1
            && CommandTree.top().stream()
                .filter(top -> top.name().equals(words.getFirst()))
                .anyMatch(top -> !CommandTree.within(top).isEmpty());
    if (!group && !words.getFirst().equals("aot-training")) {
      assertThat(result.out()).contains("Example").contains("spinor " + words.getFirst());
    }
  }

  @Test
  void commandsThatPrintDataOfferTheirForms() {
    for (String words :
        List.of("jobs list", "jobs show", "pilots list", "sites list", "config show", "whoami")) {
      assertThat(new Shell(folder).run((words + " --help").split(" ")).out())
          .as(words)
          .contains("--output");
    }
  }

  @Test
  void groupAloneShowsWhatItGroupsAndIsWrongUse() {
    Shell.Result result = new Shell(folder).run("jobs");
    assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err()).contains("submit", "reschedule");
    assertThat(new Shell(folder).run().exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void helpIsAlsoAWord() {
    assertThat(new Shell(folder).run("help", "jobs", "kill").out())
        .startsWith("Usage: spinor jobs kill");
    assertThat(new Shell(folder).run("help").out()).startsWith("Usage: spinor");
  }

  @Test
  void mistypedWordsAreRecognised() {
    assertThat(new Shell(folder).run("jbos", "list").err()).contains("did you mean jobs?");
    assertThat(new Shell(folder).run("jobs", "lits").err()).contains("did you mean list?");
    assertThat(new Shell(folder).run("jobs", "list", "--stauts", "x").err())
        .contains("'--stauts' is no option of spinor jobs list")
        .contains("did you mean --status?");
    assertThat(new Shell(folder).run("--url", "x", "jobs").err()).contains("after the command");
  }

  @Test
  void groupsGoByTheSingularToo() {
    assertThat(new Shell(folder).run("job", "kill", "--help").exitCode()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void completionKnowsAllCommandsInAllShells() {
    for (String shell : List.of("bash", "zsh", "fish")) {
      Shell.Result result = new Shell(folder).run("completion", shell);
      assertThat(result.exitCode()).isEqualTo(ExitCode.DONE);
      assertThat(result.out())
          .contains("reschedule")
          .contains("whoami")
          .doesNotContain("aot-training -");
    }
  }
}
