package org.spinor.server.pilots.fleet;

import java.util.Optional;
import org.spinor.server.pilots.ElementOutput;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.pilots.contact.Standing;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What batch systems have of pilots' outputs: kept here once a pilot has ended. */
@Component
public final class PilotOutputs {
  private final JdbcClient jdbc;
  private final Fleet fleet;
  private final ElementOutput elements;

  PilotOutputs(JdbcClient jdbc, Fleet fleet, ElementOutput elements) {
    this.jdbc = jdbc;
    this.fleet = fleet;
    this.elements = elements;
  }

  /** The text that is kept, else what the element says now. */
  public String of(Standing pilot) {
    return kept(pilot.pilotId()).orElseGet(() -> fetch(pilot));
  }

  private String fetch(Standing pilot) {
    Optional<String> reference = reference(pilot.pilotId());
    if (reference.isEmpty()) {
      return "";
    }
    Standing.Place place = pilot.place();
    String text =
        elements
            .fetch(
                new Pilots.Queue(place.site(), place.ce(), place.queue()),
                pilot.vo(),
                reference.get(),
                pilot.ended())
            .orElse("");
    if (pilot.ended() && !text.isEmpty()) {
      fleet.keepOutput(pilot.stamp(), text);
    }
    return text;
  }

  private Optional<String> kept(long pilotId) {
    return jdbc.sql("SELECT content FROM pilots.output WHERE pilot_id = :id")
        .param("id", pilotId)
        .query(String.class)
        .optional();
  }

  /** Its name at the element, while that keeps something of it. */
  private Optional<String> reference(long pilotId) {
    return jdbc.sql(
            "SELECT reference FROM pilots.pilot WHERE pilot_id = :id AND provisioned AND accepted AND NOT purged")
        .param("id", pilotId)
        .query(String.class)
        .optional();
  }
}
