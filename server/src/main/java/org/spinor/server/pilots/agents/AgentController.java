package org.spinor.server.pilots.agents;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.api.CompanionPilot;
import org.spinor.api.ErrorCode;
import org.spinor.api.PilotAnswer;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.SpinorException;
import org.spinor.api.WorkAnswer;
import org.spinor.api.WorkRequest;
import org.spinor.server.identity.Caller;
import org.spinor.server.pilots.contact.Contacts;
import org.spinor.server.pilots.contact.Standing;
import org.spinor.server.pilots.life.PilotLogs;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What pilots call, each with its own token. */
@RestController
@RequestMapping("/api/pilots/{stamp}")
final class AgentController {
  private static final int MOST_LOG = 1024 * 1024;

  private final WorkDesk work;
  private final HeartbeatDesk heartbeats;
  private final Contacts contacts;
  private final PilotLogs logs;
  private final Companions companions;

  AgentController(
      WorkDesk work,
      HeartbeatDesk heartbeats,
      Contacts contacts,
      PilotLogs logs,
      Companions companions) {
    this.work = work;
    this.heartbeats = heartbeats;
    this.contacts = contacts;
    this.logs = logs;
    this.companions = companions;
  }

  @PostMapping("/work")
  WorkAnswer work(Caller caller, @PathVariable String stamp, @RequestBody WorkRequest request) {
    return work.work(standing(caller, stamp), request);
  }

  @PostMapping("/heartbeat")
  PilotAnswer heartbeat(
      Caller caller, @PathVariable String stamp, @RequestBody PilotHeartbeat heartbeat) {
    if (caller.reach() == Caller.Reach.OWN) {
      requireOwn(caller, stamp);
    } else {
      contacts.reachable(caller, stamp);
    }
    return heartbeats.heartbeat(stamp, heartbeat);
  }

  /**
   * @param offset where the body begins in the whole log
   */
  @PostMapping("/log")
  ResponseEntity<Map<String, Object>> log(
      Caller caller,
      @PathVariable String stamp,
      @RequestParam long offset,
      @RequestBody(required = false) byte @Nullable [] body) {
    Standing pilot = standing(caller, stamp);
    byte[] bytes = body == null ? new byte[0] : body;
    if (bytes.length > MOST_LOG) {
      throw new SpinorException(
          ErrorCode.TOO_LARGE, "a piece of a log has at most " + MOST_LOG + " bytes");
    }
    if (offset < 0) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, "offset is 0 or more");
    }
    PilotLogs.Appended appended = logs.append(pilot.pilotId(), offset, bytes);
    return appended.gap()
        ? gap(offset, appended.nextOffset())
        : ResponseEntity.ok(Map.of("next_offset", appended.nextOffset()));
  }

  /**
   * Makes the pilot of a further node of the allocation.
   *
   * @param number of the node, from 1
   */
  @PostMapping("/nodes/{number}")
  CompanionPilot companion(Caller caller, @PathVariable String stamp, @PathVariable int number) {
    return companions.of(standing(caller, stamp), number);
  }

  private static ResponseEntity<Map<String, Object>> gap(long offset, long wanted) {
    return ResponseEntity.status(ErrorCode.CONFLICT.httpStatus())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(
            Map.of(
                "title",
                "Conflict",
                "status",
                ErrorCode.CONFLICT.httpStatus(),
                "code",
                ErrorCode.CONFLICT.name(),
                "detail",
                "the log is known up to byte " + wanted + ", the piece begins at " + offset,
                "next_offset",
                wanted));
  }

  /**
   * A pilot speaks for itself; a group's pilot token, as DIRAC's pilots have it, for pilots of its
   * VO.
   */
  private Standing standing(Caller caller, String stamp) {
    requireOwn(caller, stamp);
    return contacts.reachable(caller, stamp);
  }

  private static void requireOwn(Caller caller, String stamp) {
    if (caller.reach() == Caller.Reach.OWN && caller.pilotStamp().filter(stamp::equals).isEmpty()) {
      throw new SpinorException(ErrorCode.FORBIDDEN, "the token is another pilot's");
    }
  }
}
