package org.spinor.server.matching.terms;

import java.util.Set;
import java.util.TreeSet;
import org.spinor.server.jobs.Requirements;

/**
 * A set of requirements under its number. Equal by number.
 *
 * @param number given once by the database
 * @param asks in canonical form
 * @param allTags the tags as written and those that follow from cores, memory and GPUs, which a
 *     place may require
 */
public record RequirementClass(int number, Requirements asks, Set<String> allTags) {

  public RequirementClass(int number, Requirements asks) {
    this(number, asks, Set.copyOf(withImplied(asks)));
  }

  private static Set<String> withImplied(Requirements asks) {
    Set<String> tags = new TreeSet<>(asks.tags());
    if (asks.minCores() > 1) {
      tags.add(asks.minCores() + Tags.PROCESSORS);
    }
    if (asks.minCores() > 1 || asks.maxCores() > 1 || asks.wholeNode()) {
      tags.add(Tags.MULTI_PROCESSOR);
    }
    if (asks.wholeNode()) {
      tags.add(Tags.WHOLE_NODE);
    }
    if (asks.memoryMb() > 0) {
      tags.add((asks.memoryMb() + 999) / 1000 + Tags.GIGABYTES);
    }
    if (asks.gpus() > 0) {
      tags.add(Tags.GPU);
    }
    if (asks.volunteers()) {
      tags.add(Tags.VOLUNTEERS);
    }
    return tags;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RequirementClass that && that.number == number;
  }

  @Override
  public int hashCode() {
    return Integer.hashCode(number);
  }
}
