package org.spinor.server.identity.people;

import java.util.Set;

/**
 * A user in one group of one VO, as an access token names them.
 *
 * @param subject {@code <vo>:<sub>}
 */
public record Person(
    String subject, String username, String vo, String group, Set<String> properties) {
  public Person {
    properties = Set.copyOf(properties);
  }
}
