package org.spinor.server.jobs.submission;

import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Objects;
import org.spinor.api.ErrorCode;
import org.spinor.api.InsertedJob;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.Caller;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes job descriptions. */
@RestController
@Tag(name = "jobs")
final class SubmissionController {
  private final Submission submission;

  SubmissionController(Submission submission) {
    this.submission = submission;
  }

  /** Submits one description, which may be parametric, or several plain ones. */
  @PostMapping("/api/jobs/jdl")
  @ResponseStatus(HttpStatus.CREATED)
  List<InsertedJob> submitJdlJobs(@RequestBody List<String> jdls, Caller caller) {
    if (jdls.stream().anyMatch(Objects::isNull)) {
      throw new SpinorException(ErrorCode.UNPROCESSABLE, "expected descriptions, got null");
    }
    return submission.submit(caller, jdls);
  }
}
