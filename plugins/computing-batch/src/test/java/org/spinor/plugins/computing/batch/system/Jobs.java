package org.spinor.plugins.computing.batch.system;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.spinor.spi.computing.PilotReport;
import org.spinor.spi.computing.PilotSubmission;

/** Jobs to submit. */
final class Jobs {
  private Jobs() {}

  static BatchJob one() {
    return job(1, PilotSubmission.Size.oneCore(), BatchJob.Place.of("long"));
  }

  static BatchJob array(int count) {
    return job(count, PilotSubmission.Size.oneCore(), BatchJob.Place.of("long"));
  }

  /** 8 cores, 16 GB, 2 GPUs, 90 minutes, an account, a directive, an option, a preamble. */
  static BatchJob large() {
    return job(
        3,
        new PilotSubmission.Size(8, 16000, 2, 1, false, Duration.ofMinutes(90)),
        new BatchJob.Place(
            "long",
            "physics",
            List.of("--extra={cores}x{memory_mb}", "#RAW {name}"),
            List.of("--option={queue}"),
            List.of("module load java")));
  }

  static BatchJob wholeNode() {
    return job(1, new PilotSubmission.Size(0, 0, 0, 1, true, Duration.ZERO), BatchJob.Place.of(""));
  }

  static PilotReport report(Map<String, PilotReport> reports, String id) {
    return Objects.requireNonNull(reports.get(id), id);
  }

  private static BatchJob job(int count, PilotSubmission.Size size, BatchJob.Place place) {
    return new BatchJob("sp1x", "/area/.batches/sp1x", "/area", "/area/.tools", count, size, place);
  }
}
