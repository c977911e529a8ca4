package org.spinor.server.pilots.agents;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spinor.api.ErrorCode;
import org.spinor.api.Offer;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.pilots.contact.Standing;

/**
 * What a pilot really offers: its node as it describes it, its place as the server knows it. A
 * pilot may narrow what its queue takes, never widen it.
 */
final class EffectiveOffer {
  private static final int MOST_WORDS = 1000;
  private static final int LONGEST_WORD = 255;

  private EffectiveOffer() {}

  /**
   * @param queue of the configuration, where the pilot's place is one of them
   */
  static Offer of(Offer asked, Standing pilot, Optional<Configuration.Queue> queue) {
    check(asked);
    return new Offer(
        pilot.place().site(),
        pilot.place().ce(),
        pilot.place().queue(),
        List.of(pilot.vo()),
        asked.ownerGroups(),
        asked.owners(),
        asked.platforms().isEmpty()
            ? queue.map(Configuration.Queue::platforms).orElse(List.of())
            : asked.platforms(),
        asked.jobTypes(),
        asked.bannedJobTypes(),
        join(asked.tags(), queue.map(Configuration.Queue::tags).orElse(List.of())),
        join(asked.requiredTags(), queue.map(Configuration.Queue::requiredTags).orElse(List.of())),
        asked.cpuTime(),
        asked.cores(),
        asked.wholeNode(),
        asked.memoryMb(),
        asked.diskMb(),
        asked.gpus());
  }

  private static List<String> join(List<String> first, List<String> second) {
    Set<String> all = new LinkedHashSet<>(first);
    all.addAll(second);
    return List.copyOf(all);
  }

  private static void check(Offer offer) {
    List<String> problems = new ArrayList<>();
    amount(problems, "cores", offer.cores());
    amount(problems, "memory_mb", offer.memoryMb());
    amount(problems, "disk_mb", offer.diskMb());
    amount(problems, "gpus", offer.gpus());
    amount(problems, "cpu_time", offer.cpuTime());
    words(problems, "owner_groups", offer.ownerGroups());
    words(problems, "owners", offer.owners());
    words(problems, "platforms", offer.platforms());
    words(problems, "job_types", offer.jobTypes());
    words(problems, "banned_job_types", offer.bannedJobTypes());
    words(problems, "tags", offer.tags());
    words(problems, "required_tags", offer.requiredTags());
    if (!problems.isEmpty()) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE, "the offer: " + String.join("; ", problems), problems);
    }
  }

  private static void amount(List<String> problems, String name, long value) {
    if (value < 0) {
      problems.add(name + " is 0 or more, not " + value);
    }
  }

  private static void words(List<String> problems, String name, List<String> words) {
    if (words.size() > MOST_WORDS
        || words.stream().anyMatch(word -> word.length() > LONGEST_WORD)) {
      problems.add(
          name
              + " has at most "
              + MOST_WORDS
              + " words of at most "
              + LONGEST_WORD
              + " characters");
    }
  }
}
