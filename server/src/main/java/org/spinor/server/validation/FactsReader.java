package org.spinor.server.validation;

import java.util.ArrayList;
import java.util.List;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Jdl;
import org.spinor.spi.validation.JobFacts;

/** Reads from a job's description what validators may know. */
final class FactsReader {
  private FactsReader() {}

  static JobFacts read(long jobId, String jdl) {
    Ad ad = Jdl.parse(jdl);
    return new JobFacts(
        jobId,
        ad.string("VirtualOrganization").orElse(""),
        ad.string("Owner").orElse(""),
        ad.string("JobType").orElse(""),
        ad.string("Executable").orElse(""),
        ad.strings("Arguments"),
        results(ad));
  }

  /** What the owner says that counts, else all but the output that tells of the run itself. */
  private static List<String> results(Ad ad) {
    List<String> named = ad.strings("VolunteerResults");
    if (!named.isEmpty()) {
      return named;
    }
    List<String> all = ad.strings("OutputSandbox");
    List<String> results = new ArrayList<>(all);
    ad.string("StdOutput").ifPresent(results::remove);
    ad.string("StdError").ifPresent(results::remove);
    return results.isEmpty() ? all : results;
  }
}
