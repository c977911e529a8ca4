package org.spinor.server.pilots.agents;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.spinor.api.AttemptId;
import org.spinor.api.ErrorCode;
import org.spinor.api.PilotAnswer;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.SpinorException;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.pilots.contact.Contact;
import org.spinor.server.pilots.contact.Contacts;
import org.spinor.server.pilots.contact.Heartbeats;
import org.spinor.server.pilots.contact.Places;
import org.spinor.server.pilots.contact.Standing;
import org.springframework.stereotype.Component;

/** Hears heartbeats, renews leases, hands over what pilots have to know. */
@Component
final class HeartbeatDesk {
  private static final int MOST_ATTEMPTS = 4096;
  private static final int MOST_FACTS = 200;
  private static final int LONGEST_FACT = 2000;
  private static final String TIME_LEFT = "time_left_seconds";

  private final Contacts contacts;
  private final Places places;
  private final Jobs jobs;
  private final Heartbeats heartbeats;

  HeartbeatDesk(Contacts contacts, Places places, Jobs jobs, Heartbeats heartbeats) {
    this.contacts = contacts;
    this.places = places;
    this.jobs = jobs;
    this.heartbeats = heartbeats;
  }

  PilotAnswer heartbeat(String stamp, PilotHeartbeat heartbeat) {
    check(heartbeat);
    Standing before =
        contacts.hear(contact(stamp, heartbeat)).orElseThrow(() -> Contacts.unknown(stamp));
    if (before.ended()) {
      return new PilotAnswer(true, heartbeat.running(), List.of(), heartbeats.seconds());
    }
    List<AttemptId> lost =
        heartbeat.running().isEmpty() ? List.of() : jobs.renewLeases(stamp, heartbeat.running());
    Set<AttemptId> gone = new HashSet<>(lost);
    List<AttemptId> held = new ArrayList<>(heartbeat.running());
    held.removeIf(gone::contains);
    return new PilotAnswer(
        places.refusal(before).isPresent(),
        lost,
        held.isEmpty() ? List.of() : jobs.takeCommands(held),
        heartbeats.seconds());
  }

  private static Contact contact(String stamp, PilotHeartbeat heartbeat) {
    Map<String, String> node = new LinkedHashMap<>();
    heartbeat
        .node()
        .forEach(
            (name, value) -> {
              if (!name.equals(TIME_LEFT)) {
                node.put(name.replace("\0", ""), value.replace("\0", ""));
              }
            });
    return new Contact(
        stamp,
        node,
        seconds(heartbeat.node().get(TIME_LEFT)),
        OptionalInt.of(heartbeat.running().size()),
        OptionalLong.empty());
  }

  private static OptionalLong seconds(@Nullable String text) {
    return text != null && text.matches("\\d{1,12}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  private static void check(PilotHeartbeat heartbeat) {
    if (heartbeat.running().size() > MOST_ATTEMPTS) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE, "running: at most " + MOST_ATTEMPTS + " attempts");
    }
    boolean tooMuch =
        heartbeat.node().size() > MOST_FACTS
            || heartbeat.node().entrySet().stream()
                .anyMatch(
                    fact ->
                        fact.getKey().length() > LONGEST_FACT
                            || fact.getValue().length() > LONGEST_FACT);
    if (tooMuch) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE,
          "node: at most " + MOST_FACTS + " facts of at most " + LONGEST_FACT + " characters");
    }
  }
}
