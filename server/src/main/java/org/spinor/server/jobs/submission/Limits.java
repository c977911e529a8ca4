package org.spinor.server.jobs.submission;

import java.util.Map;
import java.util.Set;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;

/** What a VO allows, and what there is to ask for. */
record Limits(
    Configuration.JobDescription job,
    Configuration.Operations operations,
    Set<String> sites,
    Map<String, Set<String>> platforms) {

  static Limits of(Configuration configuration, String vo) {
    Configuration.Operations operations = configuration.operations().get(vo);
    if (operations == null) {
      throw new SpinorException(
          ErrorCode.FORBIDDEN, "the VO " + vo + " is not in the configuration any more");
    }
    return new Limits(
        operations.jobDescription(),
        operations,
        configuration.resources().sites().keySet(),
        configuration.resources().osCompatibility());
  }
}
