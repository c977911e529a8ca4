package org.spinor.server.matching.rules;

import java.util.Comparator;
import org.spinor.server.jobs.Requirements;

/**
 * What a running limit or a matching delay is about: jobs of a VO with attribute = value at a site,
 * or at one computing element of it. Ordered, so that rows are locked in one order everywhere.
 *
 * @param ce empty: the whole site
 */
public record LimitKey(String vo, String site, String ce, LimitedAttribute attribute, String value)
    implements Comparable<LimitKey> {
  private static final Comparator<LimitKey> ORDER =
      Comparator.comparing(LimitKey::vo)
          .thenComparing(LimitKey::site)
          .thenComparing(LimitKey::ce)
          .thenComparing(LimitKey::attribute)
          .thenComparing(LimitKey::value);

  public boolean isAt(String place, String element) {
    return site.equals(place) && (ce.isEmpty() || ce.equals(element));
  }

  /** Whether jobs of these requirements count, when they run at the key's place. */
  public boolean concerns(Requirements asks) {
    return asks.vo().equals(vo) && attribute.isOf(asks, value, site);
  }

  @Override
  public int compareTo(LimitKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return attribute + " = " + value + " at " + (ce.isEmpty() ? site : site + " " + ce);
  }
}
