package org.spinor.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.spinor.api.JobId;
import org.spinor.cli.session.Failure;

class JobsTest {
  @Test
  void numbersAreReadAndShownAsRanges() {
    List<JobId> ids = JobNumbers.parse(List.of("5", "7,9", "20-22", "21"));
    assertThat(ids).extracting(JobId::value).containsExactly(5L, 7L, 9L, 20L, 21L, 22L);
    assertThat(JobNumbers.shown(ids)).isEqualTo("5,7,9,20-22");
    assertThat(JobNumbers.shown(JobNumbers.parse(List.of("1,2")))).isEqualTo("1,2");
  }

  @Test
  void whatIsNoNumberIsRefused() {
    for (String wrong : List.of("x", "0", "-3", "3-", "9-2", "1.5", "1-99999999999")) {
      assertThatThrownBy(() -> JobNumbers.parse(List.of(wrong)))
          .as(wrong)
          .isInstanceOf(Failure.class);
    }
  }

  @Test
  void followShowsOnlyWhatIsNew() {
    assertThat(PeekCommand.news("", "a\nb\n")).isEqualTo("a\nb\n");
    assertThat(PeekCommand.news("a\nb\n", "a\nb\nc\n")).isEqualTo("c\n");
    assertThat(PeekCommand.news("a\nb\n", "b\nc\n")).isEqualTo("c\n");
    assertThat(PeekCommand.news("a\nb\n", "a\nb\n")).isEmpty();
    assertThat(PeekCommand.news("a\nb\n", "x\n")).isEqualTo("x\n");
  }
}
