package org.spinor.server.pilots.administration;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.SearchRequest;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.pilots.contact.Contacts;
import org.spinor.server.pilots.contact.Standing;
import org.spinor.server.pilots.fleet.PilotOutputs;
import org.spinor.server.pilots.life.PilotLogs;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** One pilot: what it is, its log, its end. */
@RestController
@RequestMapping("/api/pilots/{stamp}")
final class PilotViewController {
  private final Contacts contacts;
  private final PilotAdministration administration;
  private final PilotSearch search;
  private final PilotDetails details;
  private final PilotLogs logs;
  private final PilotOutputs outputs;
  private final Jobs jobs;

  PilotViewController(
      Contacts contacts,
      PilotAdministration administration,
      PilotSearch search,
      PilotDetails details,
      PilotLogs logs,
      PilotOutputs outputs,
      Jobs jobs) {
    this.contacts = contacts;
    this.administration = administration;
    this.search = search;
    this.details = details;
    this.logs = logs;
    this.outputs = outputs;
    this.jobs = jobs;
  }

  @GetMapping
  Map<String, @Nullable Object> show(Caller caller, @PathVariable String stamp) {
    Standing pilot = contacts.reachable(caller, stamp);
    List<SearchRequest.Spec> self =
        List.of(new SearchRequest.Spec("PilotID", "eq", pilot.pilotId(), null));
    Map<String, @Nullable Object> shown =
        new LinkedHashMap<>(
            search
                .search(caller, new SearchRequest(List.of(), self, List.of(), false), 1, 1)
                .rows()
                .getFirst());
    shown.putAll(details.of(pilot.pilotId()));
    shown.put("jobs", jobs.attemptsOf(stamp));
    return shown;
  }

  /**
   * @param offset the first byte wanted
   */
  @GetMapping("/log")
  void log(
      Caller caller,
      @PathVariable String stamp,
      @RequestParam(defaultValue = "0") long offset,
      HttpServletResponse response)
      throws IOException {
    Standing pilot = contacts.reachable(caller, stamp);
    if (offset < 0) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, "offset is 0 or more");
    }
    response.setContentType(MediaType.TEXT_PLAIN_VALUE);
    response.setCharacterEncoding("UTF-8");
    logs.copy(pilot.pilotId(), offset, response.getOutputStream());
  }

  /** What the batch system has of the pilot's output; empty text: nothing. */
  @GetMapping("/output")
  void output(Caller caller, @PathVariable String stamp, HttpServletResponse response)
      throws IOException {
    String text = output(caller, stamp);
    response.setContentType(MediaType.TEXT_PLAIN_VALUE);
    response.setCharacterEncoding("UTF-8");
    response.getWriter().write(text);
  }

  String output(Caller caller, String stamp) {
    return outputs.of(contacts.reachable(caller, stamp));
  }

  @PostMapping("/drain")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void drain(Caller caller, @PathVariable String stamp) {
    administration.drain(caller, stamp);
  }

  @PostMapping("/kill")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void kill(Caller caller, @PathVariable String stamp) {
    administration.kill(caller, stamp);
  }
}
