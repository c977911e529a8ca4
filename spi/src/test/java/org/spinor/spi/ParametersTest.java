package org.spinor.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private static final List<Parameter> KNOWN =
      List.of(
          Parameter.number("GraceSeconds", 10, "s", "How long a pilot may take to end."),
          Parameter.flag("Verbose", false, "Tells more."),
          Parameter.choice("BatchSystem", "Host", List.of("Host", "Slurm"), "What is behind it."),
          Parameter.path("Folder", Optional.empty(), "Where files go."),
          Parameter.text("Host", "", "The host.").asRequired());

  @Test
  void everyProblemIsTold() {
    assertThat(
            Parameters.problems(
                KNOWN,
                Map.of(
                    "GraceSeconds", "ten",
                    "Verbose", "maybe",
                    "BatchSystem", "slurm",
                    "Folder", "tmp",
                    "graceSecond", "1",
                    "Colour", "red")))
        .containsExactlyInAnyOrder(
            "GraceSeconds: 'ten' is not a whole number, 0 or more",
            "Verbose: 'maybe' is not true or false",
            "BatchSystem: 'slurm' is not one of Host, Slurm",
            "Folder: 'tmp' is not an absolute path",
            "graceSecond: no such parameter; did you mean GraceSeconds?",
            "Colour: no such parameter; there are GraceSeconds, Verbose, BatchSystem, Folder, Host",
            "Host: is missing: The host.");
    assertThatThrownBy(() -> Parameters.of(KNOWN, Map.of()))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("Host: is missing");
  }

  @Test
  void valuesAreGivenOrDefault() {
    Parameters given =
        Parameters.of(KNOWN, Map.of("Host", "h", "Verbose", "Yes", "Folder", "/tmp"));
    assertThat(given.seconds("GraceSeconds")).isEqualTo(Duration.ofSeconds(10));
    assertThat(given.flag("Verbose")).isTrue();
    assertThat(given.text("BatchSystem")).contains("Host");
    assertThat(given.path("Folder")).contains(Path.of("/tmp"));
    assertThat(Parameters.of(KNOWN, Map.of("Host", "h")).path("Folder")).isEmpty();
    assertThatThrownBy(() -> given.text("Other")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void secretsDoNotShow() {
    assertThat(new Credential.Token("abc", Optional.empty())).asString().doesNotContain("abc");
    assertThat(new Credential.SshKey("abc", Optional.empty(), Optional.empty()))
        .asString()
        .doesNotContain("abc");
    assertThatThrownBy(() -> Credentials.none().secret("x"))
        .isInstanceOf(MisconfiguredException.class);
  }
}
