package org.spinor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.spinor.api.JobId;

class ConditionTest {
  @Test
  void readsConditionsAsPeopleTypeThem() {
    assertThat(Condition.parse("Site eq LCG.CERN.ch"))
        .isEqualTo(new Condition("Site", "eq", "LCG.CERN.ch"));
    assertThat(Condition.parse("JobName = a name with blanks"))
        .isEqualTo(new Condition("JobName", "eq", "a name with blanks"));
    assertThat(Condition.parse("JobName NOT LIKE test%"))
        .isEqualTo(new Condition("JobName", "not like", "test%"));
    assertThat(Condition.parse("Status in Waiting, Running"))
        .isEqualTo(new Condition("Status", "in", List.of("Waiting", "Running")));
    assertThat(Condition.parse("Status not in [\"Done\",\"Failed\"]"))
        .isEqualTo(new Condition("Status", "not in", List.of("Done", "Failed")));
  }

  @Test
  void refusesWhatIsNoCondition() {
    assertThatThrownBy(() -> Condition.parse("Site"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Column operator value");
    assertThatThrownBy(() -> Condition.parse("Site ilike x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ilike")
        .hasMessageContaining("regex");
  }

  @Test
  void gaplessRunOfJobsIsTwoComparisons() {
    List<JobId> run = LongStream.rangeClosed(5, 1004).mapToObj(JobId::new).toList();
    assertThat(Condition.jobs(run))
        .containsExactly(new Condition("JobID", "gt", 4L), new Condition("JobID", "lt", 1005L));
    assertThat(Condition.jobs(List.of(new JobId(9), new JobId(3), new JobId(9))))
        .containsExactly(new Condition("JobID", "in", List.of(3L, 9L)));
  }
}
