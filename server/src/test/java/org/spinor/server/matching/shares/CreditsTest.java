package org.spinor.server.matching.shares;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CreditsTest {
  private final Credits credits = new Credits();

  /** Gives one thing of a size to one of those present. */
  private int give(List<Credits.Account> all, List<Integer> weights, int present, double size) {
    List<Integer> there =
        IntStream.range(0, all.size()).filter(i -> (present & 1 << i) != 0).boxed().toList();
    credits.clear();
    there.forEach(i -> credits.add(all.get(i), weights.get(i)));
    int winner = there.get(credits.choose());
    credits.charge(size);
    return winner;
  }

  private static List<Credits.Account> accounts(int count) {
    List<Credits.Account> accounts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      accounts.add(new Credits.Account());
    }
    return accounts;
  }

  /**
   * The property that the shares stand on: whoever is there when, after any history each has got
   * what it could have had times its part, up to a number that does not grow with time.
   */
  @Property(tries = 200)
  void eachGetsItsPartOfWhatItCouldHaveHad(
      @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 50) Integer> weights,
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 63) Integer> pattern) {
    int subjects = weights.size();
    List<Credits.Account> accounts = accounts(subjects);
    double[] due = new double[subjects];
    double[] got = new double[subjects];
    for (int round = 0; round < 2000; round++) {
      int present = pattern.get(round % pattern.size()) & (1 << subjects) - 1;
      if (present == 0) {
        continue;
      }
      double sum =
          IntStream.range(0, subjects)
              .filter(i -> (present & 1 << i) != 0)
              .mapToDouble(weights::get)
              .sum();
      for (int i = 0; i < subjects; i++) {
        if ((present & 1 << i) != 0) {
          due[i] += weights.get(i) / sum;
        }
      }
      got[give(accounts, weights, present, 1)]++;
    }
    for (int i = 0; i < subjects; i++) {
      assertThat(Math.abs(got[i] - due[i])).as("subject %s of %s", i, weights).isLessThan(subjects);
    }
  }

  @Property(tries = 50)
  void sizesAreSharedAsCountsAre(
      @ForAll @Size(2) List<@IntRange(min = 1, max = 9) Integer> weights) {
    List<Credits.Account> accounts = accounts(2);
    double[] got = new double[2];
    for (int round = 0; round < 3000; round++) {
      double size = 1 + round % 8;
      got[give(accounts, weights, 3, size)] += size;
    }
    double part = weights.get(0) / (double) (weights.get(0) + weights.get(1));
    assertThat(got[0] / (got[0] + got[1]))
        .isCloseTo(part, org.assertj.core.data.Offset.offset(0.01));
  }

  @Property(tries = 50)
  void undoneChargesLeaveNoTrace(
      @ForAll @Size(3) List<@IntRange(min = 1, max = 9) Integer> weights,
      @ForAll @IntRange(min = 2, max = 9) int undoEvery) {
    List<Credits.Account> accounts = accounts(3);
    double[] got = new double[3];
    int given = 0;
    for (int round = 0; round < 5000; round++) {
      credits.clear();
      for (int i = 0; i < 3; i++) {
        credits.add(accounts.get(i), weights.get(i));
      }
      int winner = credits.choose();
      Credits.Charge charge = credits.charge(1);
      if (round % undoEvery == 0) {
        charge.undo();
      } else {
        got[winner]++;
        given++;
      }
    }
    double sum = weights.stream().mapToInt(Integer::intValue).sum();
    Assume.that(given > 0);
    for (int i = 0; i < 3; i++) {
      assertThat(got[i])
          .isCloseTo(given * weights.get(i) / sum, org.assertj.core.data.Offset.offset(3.0));
    }
  }

  @Test
  void whoWasAwayHasNoClaimOnThePast() {
    List<Credits.Account> accounts = accounts(2);
    List<Integer> weights = List.of(1, 1);
    for (int round = 0; round < 1000; round++) {
      give(accounts, weights, 1, 1);
    }
    int second = 0;
    for (int round = 0; round < 100; round++) {
      second += give(accounts, weights, 3, 1);
    }
    assertThat(second).isEqualTo(50);
  }
}
