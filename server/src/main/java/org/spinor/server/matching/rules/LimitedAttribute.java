package org.spinor.server.matching.rules;

import java.util.Arrays;
import java.util.Optional;
import org.spinor.server.jobs.Requirements;

/** Attributes of a job that running limits and matching delays can name. */
public enum LimitedAttribute {
  JobType,
  JobGroup,
  Owner,
  OwnerGroup,
  Platform,
  Tag,
  Site;

  static Optional<LimitedAttribute> named(String name) {
    return Arrays.stream(values()).filter(value -> value.name().equals(name)).findAny();
  }

  boolean isOf(Requirements asks, String value, String site) {
    return switch (this) {
      case JobType -> asks.jobType().equals(value);
      case JobGroup -> asks.jobGroup().equals(value);
      case Owner -> asks.owner().equals(value);
      case OwnerGroup -> asks.ownerGroup().equals(value);
      case Platform -> asks.platforms().contains(value);
      case Tag -> asks.tags().contains(value);
      case Site -> site.equals(value);
    };
  }
}
