package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.spinor.pilot.log.Log;

/**
 * Decides how payloads are contained, by running {@code true} inside.
 *
 * @param wish {@code auto} (Apptainer or Podman where an image is named, else bubblewrap, else
 *     nothing), {@code bubblewrap}, {@code apptainer}, {@code podman} or {@code none}
 * @param image for Apptainer and Podman; empty: none
 * @param options for their command lines
 * @param secrets files and folders that bubblewrap hides
 * @param writable paths besides the job's that bubblewrap leaves writable
 */
public record ContainmentChoice(
    String wish, String image, List<String> options, List<Path> secrets, List<Path> writable) {

  public static final List<String> WISHES =
      List.of("auto", "bubblewrap", "apptainer", "podman", "none");

  /** Programs that run images, the preferred ones first. */
  static final List<String> IMAGE_PROGRAMS = List.of("apptainer", "singularity", "podman");

  public ContainmentChoice {
    options = List.copyOf(options);
    secrets = List.copyOf(secrets);
    writable = List.copyOf(writable);
  }

  /**
   * Tries what the wish allows, best first.
   *
   * @param workDir the pilot's folder, out of payloads' sight
   * @throws IOException if what was asked for by name does not work here
   */
  public Containment decide(Path workDir, Log log) throws IOException, InterruptedException {
    List<String> failures = new ArrayList<>();
    for (Containment candidate : candidates(workDir)) {
      String problem = trial(candidate, workDir, Duration.ofMinutes(2));
      if (problem.isEmpty()) {
        failures.forEach(log::info);
        return candidate;
      }
      failures.add(candidate.name() + " does not work here: " + problem);
    }
    throw new IOException(String.join("; ", failures));
  }

  /**
   * For jobs that name an image.
   *
   * @param found container programs of this node
   */
  public Images images(Path workDir, List<String> found, Log log) {
    return new Images(workDir, wish.equals("none") ? List.of() : found, options, log);
  }

  private List<Containment> candidates(Path workDir) {
    Containment bubblewrap = new Containment.Bubblewrap(workDir, secrets, writable);
    List<Containment> candidates = new ArrayList<>();
    switch (wish) {
      case "bubblewrap" -> candidates.add(bubblewrap);
      case "apptainer" ->
          candidates.addAll(withImage(List.of("apptainer", "singularity"), image, options));
      case "podman" -> candidates.addAll(withImage(List.of("podman"), image, options));
      case "none" -> candidates.add(new Containment.Plain());
      default -> {
        if (!image.isEmpty()) {
          candidates.addAll(withImage(IMAGE_PROGRAMS, image, options));
        } else {
          candidates.add(bubblewrap);
          candidates.add(new Containment.Plain());
        }
      }
    }
    return candidates;
  }

  /**
   * The ways of these programs to run an image, best first. Podman's own choices do not work
   * everywhere: its init program may be missing, and crun refuses machines that mix both versions
   * of control groups, which runc takes. With runc a container gets control groups of its own.
   */
  static List<Containment> withImage(List<String> programs, String image, List<String> options) {
    List<Containment> ways = new ArrayList<>();
    for (String program : programs) {
      if (program.equals("podman")) {
        for (String runtime : List.of("", "runc")) {
          ways.add(new Containment.Podman(image, options, runtime, true));
          ways.add(new Containment.Podman(image, options, runtime, false));
        }
      } else {
        ways.add(new Containment.Apptainer(program, image, options));
      }
    }
    return ways;
  }

  /**
   * What keeps a containment from working here; empty: nothing.
   *
   * @param limit an image may have to be fetched in that time
   */
  static String trial(Containment candidate, Path workDir, Duration limit)
      throws IOException, InterruptedException {
    if (candidate instanceof Containment.Plain) {
      return "";
    }
    boolean podman = candidate instanceof Containment.Podman;
    if (podman) {
      LostContainers.remove();
    }
    Path folder = Files.createTempDirectory(workDir, "trial");
    Path answer = folder.resolve("answer");
    JobFolders folders = JobFolders.create(folder);
    try {
      Process process =
          new ProcessBuilder(
                  candidate.wrap(folders, Set.of(), List.of("/bin/sh", "-c", "echo fit >fit")))
              .directory(folders.job().toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(answer.toFile())
              .start();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return "no answer within " + limit.toSeconds() + " s";
      }
      if (process.exitValue() == 0 && Files.exists(folders.job().resolve("fit"))) {
        return "";
      }
      String text = Files.readString(answer).strip().lines().reduce("", (_, last) -> last);
      return String.format(Locale.ROOT, "exit code %d %s", process.exitValue(), text).strip();
    } catch (IOException e) {
      return "no such program";
    } finally {
      if (podman) {
        LostContainers.remove(Payload.containerName(folders));
      }
      FileTree.delete(folder);
    }
  }
}
