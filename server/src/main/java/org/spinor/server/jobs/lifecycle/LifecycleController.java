package org.spinor.server.jobs.lifecycle;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.LinkedHashMap;
import org.spinor.server.identity.Caller;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Kill, delete, reschedule: by numbers or by conditions. */
@RestController
@RequestMapping("/api/jobs")
@Tag(name = "jobs")
final class LifecycleController {
  private final KillAndDelete changes;
  private final Rescheduling rescheduling;
  private final JobSets sets;

  LifecycleController(KillAndDelete changes, Rescheduling rescheduling, JobSets sets) {
    this.changes = changes;
    this.rescheduling = rescheduling;
    this.sets = sets;
  }

  /** The body of the answer where no job starts anew. */
  @Schema(name = "NothingRescheduled")
  record NothingDone(Rescheduling.Result detail) {}

  @PostMapping("/kill")
  KillAndDelete.Changed killJobs(@RequestBody JobSelection body, Caller caller) {
    return changes.kill(caller, body);
  }

  /** Kills what runs, then marks for removal: a day later nothing is left of the jobs. */
  @PostMapping("/delete")
  KillAndDelete.Changed deleteJobs(@RequestBody JobSelection body, Caller caller) {
    return changes.delete(caller, body);
  }

  /** Starts jobs anew. Answers 400 with the same content where none does. */
  @PostMapping("/reschedule")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Rescheduling.Result.class)))
  @ApiResponse(
      responseCode = "400",
      content = {
        @Content(
            mediaType = "application/json",
            schema = @Schema(implementation = NothingDone.class)),
        @Content(
            mediaType = "application/problem+json",
            schema = @Schema(ref = "#/components/schemas/Problem"))
      })
  ResponseEntity<Object> rescheduleJobs(
      @RequestBody JobSelection body,
      @RequestParam(name = "reset_jobs", defaultValue = "false") boolean resetJobs,
      Caller caller) {
    Rescheduling.Result all = new Rescheduling.Result(new LinkedHashMap<>(), new LinkedHashMap<>());
    sets.each(
        caller,
        body,
        ids -> {
          Rescheduling.Result some = rescheduling.reschedule(ids, resetJobs, caller.username());
          all.success().putAll(some.success());
          all.failed().putAll(some.failed());
        });
    return all.success().isEmpty()
        ? ResponseEntity.status(HttpStatus.BAD_REQUEST).body(new NothingDone(all))
        : ResponseEntity.ok(all);
  }
}
