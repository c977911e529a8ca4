package org.spinor.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the manual gives operators to copy, for each kind of identity provider. */
class ProviderPresetsTest {
  private static final Pattern PRESET = Pattern.compile("```yaml\n(IdP:.*?)```", Pattern.DOTALL);

  @Test
  void presetsOfTheManualAreGoodConfigurations() throws Exception {
    String manual = Files.readString(Path.of("../docs/operator/identity.md"));
    List<String> presets =
        PRESET.matcher(manual).results().map((MatchResult found) -> found.group(1)).toList();
    assertThat(presets)
        .hasSize(4)
        .anyMatch(preset -> preset.contains("keycloak"))
        .anyMatch(preset -> preset.contains("aai.egi.eu"))
        .anyMatch(preset -> preset.contains("wlcg.cloud.cnaf.infn.it"));
    for (String preset : presets) {
      String configuration =
          """
          DIRAC: {}
          Registry:
            vo:
              DefaultGroup: user
              Users: {}
              Groups:
                user: {Properties: [NormalUser], Users: []}
                admin: {Properties: [JobAdministrator], Users: []}
          """
              + preset.indent(4);
      assertThat(Draft.of(configuration).problems()).as(preset).isEmpty();
    }
  }
}
