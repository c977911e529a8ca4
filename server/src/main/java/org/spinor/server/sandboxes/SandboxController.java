package org.spinor.server.sandboxes;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.spinor.api.ErrorCode;
import org.spinor.api.SandboxDownload;
import org.spinor.api.SandboxInfo;
import org.spinor.api.SandboxUpload;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.Caller;
import org.spinor.server.web.WireJson;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import tools.jackson.core.JacksonException;

/** Sandboxes and the jobs that they belong to. */
@RestController
@RequestMapping("/api/jobs")
@Tag(name = "jobs")
final class SandboxController {
  /** DiracX answers {@code null} where there is nothing to say. */
  private static final ResponseEntity<String> NOTHING =
      ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body("null");

  private final SandboxService sandboxes;

  SandboxController(SandboxService sandboxes) {
    this.sandboxes = sandboxes;
  }

  record JobIds(@JsonProperty("job_ids") List<Long> jobIds) {}

  /** Announces a sandbox; the answer tells where to send it, or that it is there. */
  @PostMapping("/sandbox")
  SandboxUpload initiateSandboxUpload(@RequestBody SandboxInfo body, Caller caller) {
    return sandboxes.announce(caller, body, server());
  }

  /** Where to get a sandbox. */
  @GetMapping("/sandbox")
  SandboxDownload getSandboxFile(@RequestParam String pfn, Caller caller) {
    return sandboxes.download(caller, pfn, server());
  }

  /** The sandboxes of a job. */
  @GetMapping("/{jobId}/sandbox")
  Map<String, List<String>> getJobSandboxes(@PathVariable long jobId, Caller caller) {
    Map<String, List<String>> both = new LinkedHashMap<>();
    for (Direction direction : Direction.values()) {
      both.put(direction.name(), sandboxes.of(caller, jobId, direction));
    }
    return both;
  }

  /**
   * The sandboxes of a job, of one kind.
   *
   * @param sandboxType {@code input} or {@code output}
   */
  @GetMapping("/{jobId}/sandbox/{sandboxType}")
  List<String> getJobSandbox(
      @PathVariable long jobId, @PathVariable String sandboxType, Caller caller) {
    return sandboxes.of(caller, jobId, Direction.of(sandboxType));
  }

  /**
   * Gives a job an output sandbox.
   *
   * @param body the sandbox's name as a JSON string, or as it is
   */
  @PatchMapping("/{jobId}/sandbox/output")
  @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(type = "null")))
  ResponseEntity<String> assignSandboxToJob(
      @PathVariable long jobId, @RequestBody String body, Caller caller) {
    sandboxes.assignOutput(caller, jobId, name(body));
    return NOTHING;
  }

  /** Lets go of a job's sandboxes. */
  @DeleteMapping("/{jobId}/sandbox")
  @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(type = "null")))
  ResponseEntity<String> unassignJobSandboxes(@PathVariable long jobId, Caller caller) {
    sandboxes.unassign(caller, List.of(jobId));
    return NOTHING;
  }

  /** Lets go of the sandboxes of many jobs. */
  @PostMapping("/sandbox/unassign")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void unassignBulkJobsSandboxes(@RequestBody JobIds body, Caller caller) {
    sandboxes.unassign(caller, body.jobIds());
  }

  /** DiracX's generated client sends the name without quotes and calls it JSON. */
  static String name(String body) {
    String text = body.strip();
    if (!text.startsWith("\"")) {
      return text;
    }
    try {
      return WireJson.mapper().readValue(text, String.class);
    } catch (JacksonException e) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE, "expected the name of a sandbox as a JSON string");
    }
  }

  /** How the caller reaches this server. */
  private static URI server() {
    return ServletUriComponentsBuilder.fromCurrentContextPath().build().toUri();
  }
}
