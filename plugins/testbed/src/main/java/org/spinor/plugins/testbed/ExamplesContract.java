package org.spinor.plugins.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;

/**
 * The example of a site and the page about a type of element name parameters that there are, and
 * the page names all.
 */
public abstract class ExamplesContract {
  private static final Pattern SETTING =
      Pattern.compile("^ *([A-Z][A-Za-z]+): (.+)$", Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);

  private final String type;
  private final String file;
  private final List<Parameter> parameters;
  private final Set<String> ofTheServer;

  /**
   * @param type as it stands after {@code CEType}
   * @param file name of the example and of the page, without their ends
   * @param ofTheServer keys that stand there and are not the plug-in's
   */
  protected ExamplesContract(
      String type, String file, List<Parameter> parameters, Set<String> ofTheServer) {
    this.type = type;
    this.file = file;
    this.parameters = parameters;
    this.ofTheServer = ofTheServer;
  }

  private static String read(String path) throws IOException {
    return Files.readString(Path.of("../..").resolve(path));
  }

  private void check(String yaml) {
    Map<String, String> given = new HashMap<>();
    Matcher setting = SETTING.matcher(yaml);
    while (setting.find()) {
      given.put(setting.group(1), setting.group(2));
    }
    assertThat(given).containsEntry("CEType", type);
    given.keySet().removeAll(ofTheServer);
    assertThat(Parameters.problems(parameters, given)).isEmpty();
  }

  @Test
  void exampleIsValid() throws IOException {
    check(read("examples/sites/" + file + ".yaml"));
  }

  @Test
  void pageIsValidAndNamesEveryParameter() throws IOException {
    String page = read("docs/operator/sites/" + file + ".md");
    Matcher code = CODE.matcher(page);
    assertThat(code.find()).isTrue();
    check(code.group(1));
    assertThat(parameters)
        .extracting(Parameter::name)
        .allMatch(name -> page.contains("`" + name + "`"));
  }
}
