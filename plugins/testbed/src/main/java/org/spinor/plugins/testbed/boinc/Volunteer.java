package org.spinor.plugins.testbed.boinc;

import java.util.Map;

/**
 * A host of a volunteer.
 *
 * @param name its host name, as programs there see it where this system allows to say another one
 * @param environment what its owner has set; wins over what the client sets
 * @param slots work units at once
 */
public record Volunteer(String name, Map<String, String> environment, int slots) {
  public Volunteer {
    environment = Map.copyOf(environment);
  }
}
