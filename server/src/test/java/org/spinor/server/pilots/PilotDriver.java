package org.spinor.server.pilots;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.spinor.api.AttemptId;
import org.spinor.api.PilotHeartbeat;
import org.spinor.server.database.Notifications;
import org.spinor.server.database.TestDatabase;

/** The room of pilots for tests of other rooms, and a hand that moves the pilots. */
public final class PilotDriver implements AutoCloseable {
  private final Notifications listener;
  private final PilotRoom room;

  public PilotDriver(TestDatabase database, FakeJobs jobs) {
    this.listener = database.anotherListener();
    this.room = new PilotRoom(database, listener, jobs, PilotsProperties.defaults());
  }

  public Pilots pilots() {
    return room.fleet();
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

  /** Whether the secret is good for the pilot. */
  public boolean opens(String stamp, String secret) {
    return room.secrets.voOf(stamp, secret).isPresent();
  }

  public String log(String stamp) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    room.logs.copy(room.administration.reachable(PilotRoom.admin(), stamp).pilotId(), 0, out);
    return out.toString(StandardCharsets.UTF_8);
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
