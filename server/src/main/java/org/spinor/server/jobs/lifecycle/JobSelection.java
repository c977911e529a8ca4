package org.spinor.server.jobs.lifecycle;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.SearchRequest;

/**
 * Which jobs an operation is for: by number, or all that fulfil the conditions.
 *
 * @param search at least one condition: nobody kills everything by forgetting one
 */
record JobSelection(@JsonProperty("job_ids") List<Long> jobIds, List<SearchRequest.Spec> search) {
  private static final int MAX_IDS = 1_000_000;

  JobSelection {
    jobIds = List.copyOf(jobIds);
    search = List.copyOf(search);
  }

  void requireOne() {
    if (jobIds.isEmpty() == search.isEmpty()) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE,
          "name the jobs by job_ids, or by at least one condition in search; not both");
    }
    if (jobIds.size() > MAX_IDS) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE, "at most " + MAX_IDS + " job_ids: use search for more");
    }
  }
}
