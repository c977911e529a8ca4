package org.spinor.pilot;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.spinor.api.Offer;
import org.spinor.pilot.node.Gpus;
import org.spinor.pilot.node.Node;
import org.spinor.pilot.node.TimeLeft;

/**
 * Makes the offers of a pilot: its node, as far as it is free.
 *
 * @param images whether jobs with images of their own can be run
 */
record Offers(
    Node node, WorkSettings settings, TimeLeft timeLeft, Duration wrapUp, boolean images) {
  /** The tag that the server adds to jobs that name an image. */
  private static final String CONTAINER = "Container";

  /** Where nobody knows an end: the longest that the watchdog lets a job run by default. */
  private static final Duration UNKNOWN = Duration.ofDays(3);

  Offer of(Slots slots) {
    return new Offer(
        "",
        "",
        "",
        List.of(),
        settings.ownerGroups(),
        settings.owners(),
        node.platforms(),
        settings.jobTypes(),
        settings.bannedJobTypes(),
        tags(),
        settings.requiredTags(),
        cpuTime(),
        slots.freeCores(),
        slots.idle(),
        slots.freeMemoryMb(),
        node.diskMb(),
        slots.freeGpus());
  }

  /** What the pilot was told, and what its node has. */
  private List<String> tags() {
    Set<String> tags = new LinkedHashSet<>(settings.tags());
    if (images) {
      tags.add(CONTAINER);
    }
    node.gpus().forEach(gpu -> tags.addAll(Gpus.tags(gpu)));
    return List.copyOf(tags);
  }

  /** Whether less than this is left in the slot. */
  boolean timeShort(Duration least) {
    return timeLeft.left().map(left -> left.compareTo(least) < 0).orElse(false);
  }

  /** What one core can do in the time left, the end kept for outputs taken off. */
  private long cpuTime() {
    double power = node.cpuPower();
    long byTime =
        timeLeft
            .left()
            .map(left -> left.minus(least(wrapUp, left.dividedBy(10))))
            .or(() -> java.util.Optional.of(UNKNOWN))
            .map(left -> (long) (left.toSeconds() * power))
            .orElse(0L);
    return settings.cpuTime() > 0 ? Math.min(settings.cpuTime(), byTime) : byTime;
  }

  private static Duration least(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
