package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElementPlugin;

/** The examples of sites, and the pages about them, name parameters that there are. */
class ExamplesTest {
  private static final Pattern SETTING =
      Pattern.compile("^ *([A-Z][A-Za-z]+): (.+)$", Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

  /** What the server keeps for itself. */
  private static final Set<String> OF_THE_SERVER =
      Set.of(
          "CPUTime",
          "NumberOfProcessors",
          "MaxRAM",
          "NumberOfGPUs",
          "WholeNode",
          "RequiredTag",
          "IdlePilots",
          "MaxTotalPilots");

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return here.getFileName().toString().equals("computing-batch")
        ? here.resolve("../..").normalize()
        : here;
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> all = Files.list(root().resolve(folder))) {
      return all.toList();
    }
  }

  @Test
  void serviceLoaderFindsBothTypes() {
    assertThat(ServiceLoader.load(ComputingElementPlugin.class))
        .extracting(ComputingElementPlugin::name)
        .containsExactlyInAnyOrder("Batch", "SSH", "HTCondorCE");
  }

  @Test
  void examplesAreValid() throws IOException {
    List<Path> examples = files("examples/sites");
    assertThat(examples).hasSizeGreaterThan(8);
    for (Path example : examples) {
      check(example, Files.readString(example));
    }
  }

  @Test
  void pagesAreValid() throws IOException {
    List<Path> pages = files("docs/operator/sites");
    assertThat(pages).hasSizeGreaterThan(8);
    for (Path page : pages) {
      Matcher code = CODE.matcher(Files.readString(page));
      assertThat(code.find()).as("%s has an example", page).isTrue();
      check(page, code.group(1));
    }
  }

  private static void check(Path file, String yaml) {
    Map<String, String> given = new HashMap<>();
    Matcher setting = SETTING.matcher(yaml);
    while (setting.find()) {
      given.put(setting.group(1), setting.group(2));
    }
    String type = String.valueOf(given.remove("CEType"));
    given.keySet().removeAll(OF_THE_SERVER);
    // Types of other modules are checked there.
    for (ComputingElementPlugin plugin : ServiceLoader.load(ComputingElementPlugin.class)) {
      if (plugin.name().equals(type)) {
        assertThat(Parameters.problems(plugin.parameters(), given)).as("%s", file).isEmpty();
      }
    }
  }
}
