package org.spinor.client;

import java.util.List;
import java.util.Map;
import org.spinor.api.JobId;

/** Which jobs an operation is for. */
public sealed interface JobSet {
  /** These jobs. */
  record Ids(List<JobId> ids) implements JobSet {
    public Ids {
      ids = List.copyOf(ids);
      if (ids.isEmpty()) {
        throw new IllegalArgumentException("no job ids");
      }
    }
  }

  /** All jobs for which the conditions hold. */
  record Matching(List<Condition> conditions) implements JobSet {
    public Matching {
      conditions = List.copyOf(conditions);
    }
  }

  /** The conditions that find these jobs. */
  default List<Condition> conditions() {
    return switch (this) {
      case Ids set -> Condition.jobs(set.ids());
      case Matching set -> set.conditions;
    };
  }

  /** The set in the body of an operation. */
  default Map<String, Object> wire() {
    return switch (this) {
      case Ids set -> Map.of("job_ids", set.ids().stream().map(JobId::value).toList());
      case Matching set -> Map.of("search", set.conditions.stream().map(Condition::wire).toList());
    };
  }
}
