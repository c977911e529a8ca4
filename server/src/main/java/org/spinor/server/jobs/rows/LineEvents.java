package org.spinor.server.jobs.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.spinor.server.database.Notifications;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.WaitingJobs;
import org.spinor.server.jobs.WaitingNotices;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Tells the matchers of all servers how the waiting line changed. */
@Component
public final class LineEvents {
  private final ApplicationEventPublisher events;
  private final Notifications notifications;

  LineEvents(ApplicationEventPublisher events, Notifications notifications) {
    this.events = events;
    this.notifications = notifications;
  }

  /** How one transaction changes the line, added up by class. */
  public static final class Change {
    private final Map<Integer, long[]> joined = new TreeMap<>();
    private final Map<Integer, long[]> left = new TreeMap<>();

    public void joined(int classNumber, int priority) {
      add(joined, classNumber, priority);
    }

    public void left(int classNumber, int priority) {
      add(left, classNumber, priority);
    }

    private static void add(Map<Integer, long[]> counts, int classNumber, int priority) {
      long[] count = counts.computeIfAbsent(classNumber, number -> new long[2]);
      count[0]++;
      count[1] += priority;
    }
  }

  public void publish(Change change) {
    List<WaitingJobs.Count> notice = new ArrayList<>();
    if (!change.left.isEmpty()) {
      List<WaitingJobs.Count> fewer = counts(change.left, 1);
      events.publishEvent(new JobEvents.NoLongerWaiting(fewer));
      notice.addAll(counts(change.left, -1));
    }
    if (!change.joined.isEmpty()) {
      List<WaitingJobs.Count> more = counts(change.joined, 1);
      events.publishEvent(new JobEvents.Waiting(more));
      notice.addAll(more);
    }
    for (String payload : WaitingNotices.encode(notice)) {
      notifications.send(WaitingNotices.CHANNEL, payload);
    }
  }

  private static List<WaitingJobs.Count> counts(Map<Integer, long[]> counts, int sign) {
    return counts.entrySet().stream()
        .map(
            entry ->
                new WaitingJobs.Count(
                    entry.getKey(), sign * entry.getValue()[0], sign * entry.getValue()[1]))
        .toList();
  }
}
