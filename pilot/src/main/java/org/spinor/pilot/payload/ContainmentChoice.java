package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * @param secrets files that bubblewrap hides
 * @param writable paths besides the job's that bubblewrap leaves writable
 */
public record ContainmentChoice(
    String wish, String image, List<String> options, List<Path> secrets, List<Path> writable) {

  public static final List<String> WISHES =
      List.of("auto", "bubblewrap", "apptainer", "podman", "none");

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
      String problem = trial(candidate, workDir);
      if (problem.isEmpty()) {
        failures.forEach(log::info);
        return candidate;
      }
      failures.add(candidate.name() + " does not work here: " + problem);
    }
    throw new IOException(String.join("; ", failures));
  }

  private List<Containment> candidates(Path workDir) {
    Containment bubblewrap = new Containment.Bubblewrap(workDir, secrets, writable);
    List<Containment> apptainer =
        List.of(
            new Containment.Apptainer("apptainer", image, options),
            new Containment.Apptainer("singularity", image, options));
    Containment podman = new Containment.Podman(image, options);
    List<Containment> candidates = new ArrayList<>();
    switch (wish) {
      case "bubblewrap" -> candidates.add(bubblewrap);
      case "apptainer" -> candidates.addAll(apptainer);
      case "podman" -> candidates.add(podman);
      case "none" -> candidates.add(new Containment.Plain());
      default -> {
        if (!image.isEmpty()) {
          candidates.addAll(apptainer);
          candidates.add(podman);
        } else {
          candidates.add(bubblewrap);
          candidates.add(new Containment.Plain());
        }
      }
    }
    return candidates;
  }

  private static String trial(Containment candidate, Path workDir)
      throws IOException, InterruptedException {
    if (candidate instanceof Containment.Plain) {
      return "";
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
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return "no answer within two minutes";
      }
      if (process.exitValue() == 0 && Files.exists(folders.job().resolve("fit"))) {
        return "";
      }
      String text = Files.readString(answer).strip().lines().reduce("", (_, last) -> last);
      return String.format(Locale.ROOT, "exit code %d %s", process.exitValue(), text).strip();
    } catch (IOException e) {
      return "no such program";
    } finally {
      FileTree.delete(folder);
    }
  }
}
