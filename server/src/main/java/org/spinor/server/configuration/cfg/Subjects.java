package org.spinor.server.configuration.cfg;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Who a user of DIRAC is at the identity provider.
 *
 * @param conversion {@code VOs.<vo>.UserSubjects.<user> = sub}, as DiracX's cs-sync takes it
 * @param given user names or DNs with subjects
 * @param leaveOut whether users without a subject are left out; else their name is taken for it
 */
record Subjects(JsonNode conversion, Map<String, String> given, boolean leaveOut) {

  /** The subject that somebody wrote down. */
  Optional<String> known(String vo, String user, List<String> names) {
    String own = conversion.path("VOs").path(vo).path("UserSubjects").path(user).asString("");
    if (!own.isBlank()) {
      return Optional.of(own);
    }
    String byName = given.get(user);
    if (byName != null) {
      return Optional.of(byName);
    }
    return names.stream().filter(given::containsKey).map(given::get).findFirst();
  }
}
