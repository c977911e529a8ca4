package org.spinor.pilot.wrapper;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.spinor.api.MinorStatus;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Jdl;
import org.spinor.jdl.JdlException;
import org.spinor.jdl.JdlTypeException;

/**
 * What of a job's JDL the wrapper needs.
 *
 * @param environment lines {@code NAME=value}
 * @param image in which it runs; empty: whatever the pilot has
 * @param judgeProgress false where the job asks that its CPU use is not judged
 */
record JobDescription(
    String executable,
    List<String> arguments,
    String standardOutput,
    String standardError,
    List<String> inputSandbox,
    List<String> outputSandbox,
    List<String> environment,
    boolean wholeNode,
    Optional<String> image,
    boolean judgeProgress,
    Optional<StopSignal> stopSignal) {

  /**
   * A signal for a payload's processes before its time is over, so that they can save their work.
   *
   * @param processes matched against command lines
   * @param startSeconds not before the job has run so long
   * @param finishSeconds when so much time is left
   */
  record StopSignal(Pattern processes, int number, long startSeconds, long finishSeconds) {

    /**
     * Whether its time has come.
     *
     * @param ran how long the job has
     * @param left empty: no end is known
     */
    boolean due(Duration ran, Optional<Duration> left) {
      return ran.toSeconds() >= startSeconds
          && left.filter(rest -> rest.toSeconds() < finishSeconds).isPresent();
    }
  }

  /**
   * @throws JobFailure where the JDL is not one that can be run
   */
  static JobDescription parse(String jdl) throws JobFailure {
    try {
      return read(Jdl.parse(jdl));
    } catch (JdlException | JdlTypeException | IllegalArgumentException e) {
      throw new JobFailure(
          MinorStatus.JOB_INITIALIZATION, "the job's description is wrong: " + e.getMessage());
    }
  }

  private static JobDescription read(Ad ad) throws JobFailure {
    refuseData(ad, "InputData");
    refuseData(ad, "OutputData");
    String executable = ad.string("Executable").map(String::strip).orElse("");
    if (executable.isEmpty()) {
      throw new JobFailure(MinorStatus.APPLICATION_NOT_FOUND, "the job names no executable");
    }
    String jobType = ad.string("JobType").orElse("");
    boolean unjudged =
        ad.bool("DisableCPUCheck").orElse(false) || jobType.toLowerCase(Locale.ROOT).equals("test");
    return new JobDescription(
        executable,
        ShellWords.split(ad.string("Arguments").orElse("")),
        name(ad, "StdOutput", "std.out"),
        name(ad, "StdError", "std.err"),
        ad.strings("InputSandbox"),
        ad.strings("OutputSandbox"),
        ad.strings("ExecutionEnvironment"),
        ad.bool("WholeNode").orElse(false),
        ad.string("ContainerImage").map(String::strip).filter(image -> !image.isEmpty()),
        !unjudged,
        stopSignal(ad));
  }

  private static void refuseData(Ad ad, String attribute) throws JobFailure {
    List<String> files = ad.strings(attribute);
    if (!files.isEmpty()) {
      throw new JobFailure(
          "Input Data Resolution",
          attribute
              + " needs data management, which this version does not have: "
              + files.getFirst());
    }
  }

  private static String name(Ad ad, String attribute, String otherwise) {
    String name = ad.string(attribute).map(String::strip).orElse("");
    if (name.isEmpty()) {
      return otherwise;
    }
    if (name.startsWith("/") || List.of(name.split("/")).contains("..") || name.endsWith("/")) {
      throw new IllegalArgumentException(
          attribute + " must be a file of the job's folder, not " + name);
    }
    return name;
  }

  private static Optional<StopSignal> stopSignal(Ad ad) {
    Optional<String> regex = ad.string("StopSigRegex").filter(text -> !text.isBlank());
    if (regex.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new StopSignal(
              Pattern.compile(regex.get()),
              Math.clamp(ad.integer("StopSigNumber").orElse(2), 1, 64),
              ad.integer("StopSigStartSeconds").orElse(1800),
              ad.integer("StopSigFinishSeconds").orElse(1800)));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("StopSigRegex: " + e.getDescription());
    }
  }
}
