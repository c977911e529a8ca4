package org.spinor.server.matching.explanation;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.spinor.api.Explanation;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Jobs;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Answers why a job waits. */
@RestController
@Tag(name = "jobs")
final class ExplainController {
  private final Jobs jobs;
  private final Explainer explainer;

  ExplainController(Jobs jobs, Explainer explainer) {
    this.jobs = jobs;
    this.explainer = explainer;
  }

  @GetMapping("/api/jobs/{jobId}/explain")
  @Operation(summary = "Why the job waits, what could run it, and what to do")
  Explanation explainJob(@PathVariable long jobId, Caller caller) {
    jobs.requireReach(caller, List.of(jobId));
    return explainer.explain(jobId);
  }
}
