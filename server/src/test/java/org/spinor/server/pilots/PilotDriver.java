package org.spinor.server.pilots;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.spinor.api.AttemptId;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.PilotMetadata;
import org.spinor.api.PilotStatus;
import org.spinor.server.database.Notifications;
import org.spinor.server.database.TestDatabase;

/** The room of pilots for tests of other rooms, and a hand that moves the pilots. */
public final class PilotDriver implements AutoCloseable {
  private final Notifications listener;
  private final PilotRoom room;

  public PilotDriver(TestDatabase database, FakeJobs jobs) {
    this.listener = database.anotherListener();
    this.room = new PilotRoom(database, listener, jobs);
  }

  public Pilots pilots() {
    return room.fleet();
  }

  public TrialPilots trials() {
    return room.trials;
  }

  public FakeJobs jobs() {
    return room.jobs;
  }

  /** A heartbeat with so many attempts. */
  public void speak(String stamp, int running) {
    List<AttemptId> attempts = new ArrayList<>();
    for (int i = 0; i < running; i++) {
      attempts.add(room.jobs.give(stamp, 1000 + i, 1));
    }
    room.agents.heartbeat(
        PilotRoom.pilot(stamp), stamp, new PilotHeartbeat(attempts, Map.of("host", "wn-" + stamp)));
  }

  /** A heartbeat with the attempts that it holds. */
  public void speak(String stamp) {
    room.agents.heartbeat(
        PilotRoom.pilot(stamp),
        stamp,
        new PilotHeartbeat(room.jobs.attemptsOf(stamp), Map.of("host", "wn-" + stamp)));
  }

  /** Whether the secret is good for the pilot. */
  public boolean opens(String stamp, String secret) {
    return room.secrets.voOf(stamp, secret).isPresent();
  }

  /** What is kept of its output. */
  public String output(String stamp) {
    return room.administration.output(PilotRoom.admin(), stamp);
  }

  /** What the pilot says, from the beginning of its log. */
  public void say(String stamp, String text) {
    room.agents.log(PilotRoom.pilot(stamp), stamp, 0, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The pilot describes itself. */
  public void describe(String stamp, PilotStatus status, String reason) {
    room.administration.describe(
        PilotRoom.pilot(stamp),
        Map.of(stamp, new PilotMetadata(reason, status, null, null, null, null, null, null, null)));
  }

  /** Makes everything known of pilots older. */
  public void age(int seconds) {
    room.age(seconds);
  }

  @Override
  public void close() {
    room.close();
    listener.close();
  }
}
