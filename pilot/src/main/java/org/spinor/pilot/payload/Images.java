package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spinor.pilot.log.Log;

/**
 * Runs jobs in the images that they name. An image is tried when the first job asks for it, with
 * each container program that is here until one works; what was found holds for the pilot's life.
 */
public final class Images {
  /** An image may be large, and its registry far. */
  private static final Duration FETCH = Duration.ofMinutes(15);

  private final Path workDir;
  private final List<String> programs;
  private final List<String> options;
  private final Log log;
  private final Map<String, Containment> known = new HashMap<>();

  /** A job's image cannot be run. */
  public static final class ImageException extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean elsewhere;

    ImageException(String message, boolean elsewhere) {
      super(message);
      this.elsewhere = elsewhere;
    }

    /** Whether it is for lack of something that other nodes have. */
    public boolean elsewhere() {
      return elsewhere;
    }
  }

  /**
   * @param workDir the pilot's folder
   * @param programs those that are here, of {@code apptainer, singularity, podman}
   * @param options for their command lines
   */
  public Images(Path workDir, List<String> programs, List<String> options, Log log) {
    this.workDir = workDir;
    this.programs = programs.stream().filter(ContainmentChoice.IMAGE_PROGRAMS::contains).toList();
    this.options = List.copyOf(options);
    this.log = log;
  }

  /** Whether jobs with images can be taken. */
  public boolean any() {
    return !programs.isEmpty();
  }

  /**
   * What runs payloads in this image. One job at a time tries, so that an image is fetched once.
   *
   * @throws ImageException none of the programs can run it
   */
  public synchronized Containment of(String image) throws ImageException, InterruptedException {
    Containment found = known.get(image);
    if (found != null) {
      return found;
    }
    if (!any()) {
      throw new ImageException("no Apptainer or Podman is on this node for the job's image", true);
    }
    if (image.startsWith("/") && !Files.exists(Path.of(image))) {
      throw new ImageException("the image " + image + " is not on this node", true);
    }
    List<String> failures = new ArrayList<>();
    try {
      for (Containment candidate : ContainmentChoice.withImage(programs, image, options)) {
        String problem = ContainmentChoice.trial(candidate, workDir, FETCH);
        if (problem.isEmpty()) {
          log.info("the image " + image + " is run by " + candidate.name());
          known.put(image, candidate);
          return candidate;
        }
        failures.add(candidate.name() + ": " + problem);
      }
    } catch (IOException e) {
      failures.add(String.valueOf(e.getMessage()));
    }
    throw new ImageException(
        "the image " + image + " cannot be run: " + String.join("; ", failures), false);
  }
}
