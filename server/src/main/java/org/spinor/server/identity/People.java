package org.spinor.server.identity;

import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.springframework.stereotype.Component;

/** Who somebody may be, by the configuration in force now. */
@Component
final class People {
  private final Configurations configurations;

  People(Configurations configurations) {
    this.configurations = configurations;
  }

  /**
   * @throws SpinorException 400 with the texts of the DiracX contract
   */
  Scope scope(String text) {
    return Scope.parse(text, configurations.current());
  }

  /**
   * @param subject at the identity provider, without the VO
   * @throws SpinorException 403: the user may not be what the scope asks for
   */
  Person person(Scope scope, String subject) {
    Configuration configuration = configurations.current();
    return Memberships.person(configuration, scope, subject);
  }
}
