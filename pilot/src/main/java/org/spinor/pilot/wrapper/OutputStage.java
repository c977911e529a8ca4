package org.spinor.pilot.wrapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.spinor.api.JobStatus;
import org.spinor.api.MinorStatus;
import org.spinor.api.SandboxInfo;
import org.spinor.api.SandboxUpload;
import org.spinor.api.SpinorException;
import org.spinor.pilot.link.JobLink;
import org.spinor.pilot.payload.JobFolders;
import org.spinor.pilot.sandbox.Packer;
import org.spinor.pilot.sandbox.Packer.Packed;
import org.spinor.pilot.sandbox.Selection;
import org.spinor.pilot.wrapper.StopSwitch.Stopped;

/** Packs what a job's output sandbox asks for and brings it to the server. */
final class OutputStage {
  static final String FAILED_UPLOADING = "Failed Uploading Output Sandbox";

  private final JobLink link;
  private final JobFolders folders;
  private final long limit;
  private final Retry retry;
  private final Reporter reporter;

  OutputStage(JobLink link, JobFolders folders, long limit, Retry retry, Reporter reporter) {
    this.link = link;
    this.folders = folders;
    this.limit = limit;
    this.retry = retry;
    this.reporter = reporter;
  }

  /**
   * @param wanted names and patterns; none: nothing is done
   * @throws JobFailure the server does not take the sandbox
   * @throws NodeFailure it could not be packed, or not be sent within the patience
   */
  void store(List<String> wanted, Patience patience)
      throws JobFailure, NodeFailure, Stopped, InterruptedException {
    if (wanted.isEmpty()) {
      return;
    }
    reporter.status(JobStatus.Completing, MinorStatus.UPLOADING_OUTPUT_SANDBOX);
    Packed packed = pack(wanted);
    if (packed.entries() > 0) {
      upload(packed, patience);
      reporter.status(JobStatus.Completing, MinorStatus.OUTPUT_SANDBOX_UPLOADED);
    }
  }

  private Packed pack(List<String> wanted) throws NodeFailure {
    Selection selection = Selection.of(folders.job(), wanted);
    try {
      Packed packed =
          new Packer(limit)
              .pack(
                  folders.job(),
                  selection.found(),
                  folders.control().resolve("output-sandbox.tar.zst"));
      List<String> missing = new ArrayList<>(selection.missing());
      missing.addAll(packed.leftOut());
      if (!missing.isEmpty()) {
        reporter.parameters(Map.of("OutputSandboxMissingFiles", String.join(", ", missing)));
      }
      return packed;
    } catch (IOException e) {
      throw new NodeFailure("the output sandbox cannot be packed: " + e);
    }
  }

  private void upload(Packed packed, Patience patience)
      throws JobFailure, NodeFailure, Stopped, InterruptedException {
    try {
      String pfn =
          retry.call("output sandbox", patience, () -> send(packed.archive(), info(packed)));
      retry.run("output sandbox", patience, () -> link.assignOutput(pfn));
      Files.deleteIfExists(packed.archive());
    } catch (SpinorException e) {
      throw new JobFailure(
          FAILED_UPLOADING, "the server does not take the output sandbox: " + e.getMessage());
    } catch (IOException e) {
      throw new NodeFailure("the output sandbox: " + e);
    }
  }

  private String send(Path archive, SandboxInfo info) {
    SandboxUpload place = link.announce(info);
    String url = place.url();
    if (url != null) {
      link.upload(url, place.fields(), archive);
    }
    return place.pfn();
  }

  private static SandboxInfo info(Packed packed) {
    return new SandboxInfo("sha256", packed.sha256(), packed.size(), "tar.zst");
  }
}
