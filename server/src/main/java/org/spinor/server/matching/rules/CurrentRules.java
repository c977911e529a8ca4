package org.spinor.server.matching.rules;

import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;

/** The rules of the configuration in force, worked out once for each version. */
public final class CurrentRules {
  private final Configurations configurations;
  private volatile Known known;

  private record Known(String revision, LimitRules rules) {}

  public CurrentRules(Configurations configurations) {
    this.configurations = configurations;
    this.known = know(configurations.current());
  }

  private static Known know(Configuration configuration) {
    return new Known(configuration.revision(), new LimitRules(configuration));
  }

  public LimitRules now() {
    Configuration current = configurations.current();
    Known last = known;
    if (!last.revision().equals(current.revision())) {
      last = know(current);
      known = last;
    }
    return last.rules();
  }
}
