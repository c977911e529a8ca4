package org.spinor.server.identity;

import java.util.Set;

/**
 * A user in one group of one VO, as an access token names them.
 *
 * @param subject {@code <vo>:<sub>}
 */
record Person(String subject, String username, String vo, String group, Set<String> properties) {
  Person {
    properties = Set.copyOf(properties);
  }
}
