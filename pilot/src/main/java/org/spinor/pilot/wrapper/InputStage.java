package org.spinor.pilot.wrapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.spinor.api.ErrorCode;
import org.spinor.api.MinorStatus;
import org.spinor.api.SpinorException;
import org.spinor.pilot.link.JobLink;
import org.spinor.pilot.link.TransferException;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.payload.JobFolders;
import org.spinor.pilot.sandbox.ArchiveException;
import org.spinor.pilot.sandbox.Checksum;
import org.spinor.pilot.sandbox.Unpacker;
import org.spinor.pilot.wrapper.StopSwitch.Stopped;

/** Brings the input sandboxes of a job to the node. */
final class InputStage {
  private final JobLink link;
  private final JobFolders folders;
  private final WrapperSettings settings;
  private final Retry retry;
  private final Log log;

  InputStage(JobLink link, JobFolders folders, WrapperSettings settings, Retry retry, Log log) {
    this.link = link;
    this.folders = folders;
    this.settings = settings;
    this.retry = retry;
    this.log = log;
  }

  /**
   * Downloads, checks and unpacks in the order of the job's description, later files replacing
   * earlier ones.
   *
   * @throws JobFailure an entry or an archive that is no good anywhere
   * @throws NodeFailure a sandbox that could not be had here in time
   */
  void fetch(List<String> sandboxes) throws JobFailure, NodeFailure, Stopped, InterruptedException {
    for (String entry : sandboxes) {
      refuseOthers(entry);
    }
    for (String pfn : sandboxes) {
      fetch(pfn);
    }
  }

  private static void refuseOthers(String entry) throws JobFailure {
    if (entry.startsWith("LFN:")) {
      throw new JobFailure(
          "Failed Downloading InputSandbox LFN(s)",
          "the input sandbox names "
              + entry
              + ", but files of the catalogue need data management, which this version does not have");
    }
    if (!entry.startsWith("SB:") && !entry.startsWith("/S3/")) {
      throw failure("the input sandbox names " + entry + ", which was never uploaded");
    }
  }

  private void fetch(String pfn) throws JobFailure, NodeFailure, Stopped, InterruptedException {
    Path archive = folders.control().resolve("input-sandbox");
    try {
      retry.run(
          "input sandbox " + pfn,
          new Patience(settings.downloadPatience()),
          () -> download(pfn, archive));
      log.info("input sandbox " + pfn + ": " + Files.size(archive) + " bytes");
      new Unpacker(settings.inputLimitBytes(), settings.inputMaxEntries())
          .unpack(archive, folders.job());
      Files.deleteIfExists(archive);
    } catch (SpinorException e) {
      throw failure("input sandbox " + pfn + ": " + e.getMessage());
    } catch (ArchiveException e) {
      throw failure("input sandbox " + pfn + ": " + e.getMessage());
    } catch (IOException e) {
      throw new NodeFailure("input sandbox " + pfn + " cannot be unpacked on this node: " + e);
    }
  }

  private void download(String pfn, Path archive) {
    link.download(link.locate(pfn).url(), archive);
    Optional<String> promised = Checksum.promised(pfn);
    if (promised.isEmpty()) {
      throw new SpinorException(
          ErrorCode.UNPROCESSABLE, "its name has no sha256 checksum to check it by");
    }
    try {
      String got = Checksum.of(archive);
      if (!got.equals(promised.get())) {
        throw new TransferException("the bytes that came have the checksum " + got);
      }
    } catch (IOException e) {
      throw new TransferException("the download cannot be read: " + e);
    }
  }

  private static JobFailure failure(String text) {
    return new JobFailure(MinorStatus.FAILED_DOWNLOADING_INPUT_SANDBOX, text);
  }
}
