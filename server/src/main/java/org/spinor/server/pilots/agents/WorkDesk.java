package org.spinor.server.pilots.agents;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.spinor.api.Assignment;
import org.spinor.api.AttemptId;
import org.spinor.api.ErrorCode;
import org.spinor.api.JobId;
import org.spinor.api.SpinorException;
import org.spinor.api.WorkAnswer;
import org.spinor.api.WorkRequest;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.identity.TokenIssuer;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.matching.Matcher;
import org.spinor.server.pilots.contact.Contact;
import org.spinor.server.pilots.contact.Contacts;
import org.spinor.server.pilots.contact.Places;
import org.spinor.server.pilots.contact.Standing;
import org.springframework.stereotype.Component;

/** Gives work to pilots. */
@Component
final class WorkDesk {
  private static final int MOST_JOBS = 64;
  private static final int DEFAULT_HEARTBEAT = 60;

  private final Contacts contacts;
  private final Places places;
  private final Matcher matcher;
  private final Jobs jobs;
  private final TokenIssuer tokens;
  private final Configurations configurations;
  private final Pace pace;

  WorkDesk(
      Contacts contacts,
      Places places,
      Matcher matcher,
      Jobs jobs,
      TokenIssuer tokens,
      Configurations configurations,
      Pace pace) {
    this.contacts = contacts;
    this.places = places;
    this.matcher = matcher;
    this.jobs = jobs;
    this.tokens = tokens;
    this.configurations = configurations;
    this.pace = pace;
  }

  WorkAnswer work(Standing pilot, WorkRequest request) {
    check(request);
    listen(pilot);
    if (pilot.ended()) {
      return drain("this pilot has ended: " + pilot.status() + ", " + pilot.statusReason());
    }
    Optional<String> refusal = places.refusal(pilot);
    if (refusal.isPresent()) {
      return drain(refusal.get());
    }
    if (pilot.host().isEmpty() && places.untrusted(pilot)) {
      // its first sign of life is on its way; results are compared by the hosts that brought them
      return new WorkAnswer(List.of(), 1, false, "its node is not known yet");
    }
    Matcher.Answer answer =
        matcher.match(
            EffectiveOffer.of(request.offer(), pilot, places.queue(pilot)),
            pilot.stamp(),
            knownHost(pilot),
            request.maxJobs(),
            request.requestId());
    if (answer.matches().isEmpty()) {
      return nothing(pilot, answer.reason());
    }
    pace.busy(pilot.stamp());
    return new WorkAnswer(assignments(pilot, answer.matches()), 0, false, "");
  }

  /** Pilots that find no name say so: they are not all on one host. */
  private static String knownHost(Standing pilot) {
    return pilot.host().equals("unknown") ? "" : pilot.host();
  }

  /** A pilot that asks is heard, if it was not heard before. */
  private void listen(Standing pilot) {
    if (!pilot.ended() && (!pilot.live() || pilot.lost())) {
      contacts.hear(Contact.only(pilot.stamp()));
    }
  }

  private WorkAnswer nothing(Standing pilot, String reason) {
    // A banned site still runs jobs that test it; where there are none, the pilot is of no use.
    return places
        .banned(pilot)
        .map(WorkDesk::drain)
        .orElseGet(() -> new WorkAnswer(List.of(), pace.waitSeconds(pilot.stamp()), false, reason));
  }

  private static WorkAnswer drain(String reason) {
    return new WorkAnswer(List.of(), 0, true, reason);
  }

  private List<Assignment> assignments(Standing pilot, List<Matcher.Match> matches) {
    Map<Long, String> descriptions =
        jobs.descriptions(matches.stream().map(Matcher.Match::jobId).toList());
    List<Assignment> assignments = new ArrayList<>();
    for (Matcher.Match match : matches) {
      String jdl = descriptions.get(match.jobId());
      // Removed in the moment between: nobody misses it.
      if (jdl != null) {
        assignments.add(assignment(pilot, match, jdl));
      }
    }
    contacts.hear(
        new Contact(
            pilot.stamp(),
            Map.of(),
            OptionalLong.empty(),
            OptionalInt.of(assignments.size()),
            OptionalLong.of(matches.getLast().jobId())));
    return assignments;
  }

  private Assignment assignment(Standing pilot, Matcher.Match match, String jdl) {
    AttemptId attempt = new AttemptId(new JobId(match.jobId()), match.attempt());
    String token =
        tokens.forPayload(
            attempt,
            pilot.stamp(),
            match.vo(),
            match.owner(),
            match.ownerGroup(),
            pace.payloadTokenLife(),
            places.untrusted(pilot));
    return new Assignment(
        attempt.jobId(),
        attempt.attempt(),
        match.vo(),
        match.owner(),
        match.ownerGroup(),
        jdl,
        token,
        match.cores(),
        match.memoryMb(),
        match.cpuTime(),
        0,
        heartbeatSeconds(match.vo()));
  }

  private int heartbeatSeconds(String vo) {
    Configuration.Operations operations = configurations.current().operations().get(vo);
    return operations == null ? DEFAULT_HEARTBEAT : operations.jobScheduling().heartbeatSeconds();
  }

  private static void check(WorkRequest request) {
    if (request.requestId().isEmpty() || request.requestId().length() > 64) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, "request_id has 1 to 64 characters");
    }
    if (request.maxJobs() < 1 || request.maxJobs() > MOST_JOBS) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, "max_jobs is 1 to " + MOST_JOBS);
    }
  }
}
