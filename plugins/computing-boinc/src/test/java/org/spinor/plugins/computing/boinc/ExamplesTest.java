package org.spinor.plugins.computing.boinc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;

/** The example of a site, and the page about it, name parameters that there are. */
class ExamplesTest {
  private static final Pattern SETTING =
      Pattern.compile("^ *([A-Z][A-Za-z]+): (.+)$", Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

  /** What the server keeps for itself. */
  private static final Set<String> OF_THE_SERVER =
      Set.of("CEType", "CPUTime", "NumberOfProcessors", "MaxRAM", "IdlePilots", "MaxTotalPilots");

  private static String read(String file) throws IOException {
    return Files.readString(Path.of("../..").resolve(file));
  }

  private static void check(String yaml) {
    Map<String, String> given = new HashMap<>();
    Matcher setting = SETTING.matcher(yaml);
    while (setting.find()) {
      given.put(setting.group(1), setting.group(2));
    }
    assertThat(given).containsEntry("CEType", "BOINC");
    given.keySet().removeAll(OF_THE_SERVER);
    assertThat(Parameters.problems(BoincSettings.PARAMETERS, given)).isEmpty();
  }

  @Test
  void exampleIsValid() throws IOException {
    check(read("examples/sites/boinc.yaml"));
  }

  @Test
  void pageIsValidAndNamesEveryParameter() throws IOException {
    String page = read("docs/operator/sites/boinc.md");
    Matcher code = CODE.matcher(page);
    assertThat(code.find()).isTrue();
    check(code.group(1));
    assertThat(BoincSettings.PARAMETERS)
        .extracting(Parameter::name)
        .allMatch(name -> page.contains("`" + name + "`"));
  }
}
