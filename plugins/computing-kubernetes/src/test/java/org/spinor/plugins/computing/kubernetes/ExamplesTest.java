package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElementPlugin;

/** The example and the page about Kubernetes name parameters that there are, and all of them. */
class ExamplesTest {
  private static final Pattern SETTING =
      Pattern.compile("^ *([A-Z][A-Za-z]+): (.+)$", Pattern.MULTILINE);

  private static String read(String file) throws IOException {
    return Files.readString(Path.of("../..").resolve(file));
  }

  private static void check(String yaml) {
    Map<String, String> given =
        SETTING
            .matcher(yaml)
            .results()
            .collect(
                Collectors.toMap(found -> found.group(1), found -> found.group(2), (a, b) -> b));
    // What the server keeps for itself.
    given
        .keySet()
        .removeAll(
            List.of(
                "CEType",
                "CPUTime",
                "NumberOfProcessors",
                "MaxRAM",
                "NumberOfGPUs",
                "RequiredTag",
                "IdlePilots",
                "MaxTotalPilots"));
    List<Parameter> parameters = new KubernetesPlugin().parameters();
    assertThat(Parameters.problems(parameters, given)).isEmpty();
    assertThat(Settings.of(Parameters.of(parameters, given))).isNotNull();
  }

  @Test
  void exampleAndPageAreValid() throws IOException {
    check(read("examples/sites/kubernetes.yaml"));
    Matcher code =
        Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL)
            .matcher(read("docs/operator/sites/kubernetes.md"));
    assertThat(code.find()).isTrue();
    check(code.group(1));
  }

  @Test
  void pageNamesEveryParameter() throws IOException {
    String page = read("docs/operator/sites/kubernetes.md");
    assertThat(new KubernetesPlugin().parameters())
        .allSatisfy(parameter -> assertThat(page).contains("`" + parameter.name() + "`"));
  }

  @Test
  void serviceLoaderFindsIt() {
    assertThat(ServiceLoader.load(ComputingElementPlugin.class))
        .extracting(ComputingElementPlugin::name)
        .containsExactly("Kubernetes");
  }
}
