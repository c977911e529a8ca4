package org.spinor.server.pilots.life;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.PilotStatus;
import org.spinor.api.SpinorException;

/** The body of {@code POST /api/pilots/}: a pilot that somebody else sent. */
@JsonIgnoreProperties(ignoreUnknown = false)
public record PilotRegistration(
    @JsonProperty("pilot_stamp") String stamp,
    String vo,
    @JsonProperty("grid_type") @Nullable String gridType,
    @JsonProperty("grid_site") @Nullable String gridSite,
    @JsonProperty("destination_site") @Nullable String destinationSite,
    @JsonProperty("pilot_reference") @Nullable String reference,
    @JsonProperty("pilot_status") @Nullable PilotStatus status) {

  public PilotRegistration {
    gridType = Objects.requireNonNullElse(gridType, "DIRAC");
    gridSite = Objects.requireNonNullElse(gridSite, "Unknown");
    destinationSite = Objects.requireNonNullElse(destinationSite, "NotAssigned");
    reference = Objects.requireNonNullElse(reference, stamp);
    status = Objects.requireNonNullElse(status, PilotStatus.Submitted);
  }

  /** Refuses what does not fit into the columns. */
  public void check() {
    List<String> problems = new ArrayList<>();
    length(problems, "pilot_stamp", stamp, 1, 32);
    length(problems, "vo", vo, 1, 128);
    length(problems, "grid_type", gridType, 0, 32);
    length(problems, "grid_site", gridSite, 0, 128);
    length(problems, "destination_site", destinationSite, 0, 128);
    length(problems, "pilot_reference", reference, 0, 255);
    if (!problems.isEmpty()) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, String.join("; ", problems), problems);
    }
  }

  public static void length(
      List<String> problems, String name, @Nullable String value, int least, int most) {
    if (value == null) {
      return;
    }
    if (value.length() < least || value.length() > most) {
      problems.add(name + " has " + least + " to " + most + " characters");
    }
    if (value.indexOf('\0') >= 0) {
      problems.add(name + " has a NUL character in it");
    }
  }
}
