package org.spinor.server.identity.access;

import java.util.Map;
import org.springframework.context.annotation.Bean;

/** The access tables of the rooms in a slice, and one for the routes of the test's. */
public final class ProbeTables {
  private static final String PROBE =
      """
      route                  | anonymous | member | NormalUser | JobAdministrator | CSAdministrator | pilot | payload
      GET /api/probe/{thing} |           |        | own        | vo               | all             |       | own
      POST /api/probe        |           | own    |            |                  |                 | own   |
      GET /api/open          | all       |        |            |                  |                 |       |
      """;

  @Bean
  AccessRules accessRules() {
    return AccessRules.of(
        Map.of(
            "web", AccessTableFiles.text("web"),
            "identity", AccessTableFiles.text("identity"),
            "portal", AccessTableFiles.text("portal"),
            "probe", PROBE));
  }
}
