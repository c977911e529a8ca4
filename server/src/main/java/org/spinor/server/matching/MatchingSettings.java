package org.spinor.server.matching;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the matcher that are the server's, not a VO's.
 *
 * @param usageHalfLifeDays after so many days past usage counts half ({@code
 *     spinor.matching.usage-half-life-days}), 1 or more
 */
@ConfigurationProperties("spinor.matching")
public record MatchingSettings(@DefaultValue("7") int usageHalfLifeDays) {
  public MatchingSettings {
    if (usageHalfLifeDays < 1) {
      throw new IllegalArgumentException(
          "spinor.matching.usage-half-life-days: at least 1, not " + usageHalfLifeDays);
    }
  }
}
