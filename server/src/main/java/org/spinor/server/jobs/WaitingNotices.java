package org.spinor.server.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * How servers tell each other over the database that the waiting line changed. The payload is
 * {@code <replica>;class:count:prioritySum,...}; counts are negative where jobs left the line
 * without a match. Hints only: whoever may have missed one counts the line anew.
 */
public final class WaitingNotices {
  /** The channel of {@code Notifications}. */
  public static final String CHANNEL = "jobs_waiting";

  /** This server: its own notices come back to it and are to be skipped. */
  public static final String REPLICA = UUID.randomUUID().toString().substring(0, 8);

  private static final int MAX_BYTES = 7_900;

  /**
   * One message.
   *
   * @param replica the server that sent it
   */
  public record Notice(String replica, List<WaitingJobs.Count> changes) {
    public Notice {
      changes = List.copyOf(changes);
    }

    public boolean isOwn() {
      return replica.equals(REPLICA);
    }
  }

  private WaitingNotices() {}

  /** As few payloads as hold all the changes. */
  public static List<String> encode(List<WaitingJobs.Count> changes) {
    List<String> payloads = new ArrayList<>();
    StringBuilder payload = new StringBuilder();
    for (WaitingJobs.Count change : changes) {
      String entry = change.classNumber() + ":" + change.jobs() + ":" + change.prioritySum();
      if (payload.length() + entry.length() + 1 > MAX_BYTES) {
        payloads.add(payload.toString());
        payload.setLength(0);
      }
      payload.append(payload.isEmpty() ? REPLICA + ";" : ",").append(entry);
    }
    if (!payload.isEmpty()) {
      payloads.add(payload.toString());
    }
    return payloads;
  }

  /**
   * @throws IllegalArgumentException this is no such payload
   */
  public static Notice decode(String payload) {
    int end = payload.indexOf(';');
    if (end < 0) {
      throw new IllegalArgumentException("no notice: " + payload);
    }
    List<WaitingJobs.Count> changes = new ArrayList<>();
    for (String entry : payload.substring(end + 1).split(",", -1)) {
      String[] parts = entry.split(":", -1);
      if (parts.length != 3) {
        throw new IllegalArgumentException("no notice: " + payload);
      }
      changes.add(
          new WaitingJobs.Count(
              Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2])));
    }
    return new Notice(payload.substring(0, end), changes);
  }
}
