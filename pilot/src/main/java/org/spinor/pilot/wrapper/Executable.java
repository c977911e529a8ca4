package org.spinor.pilot.wrapper;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.spinor.api.MinorStatus;
import org.spinor.pilot.payload.Containment;
import org.spinor.pilot.payload.JobFolders;

/** Finds the program that a job names. */
final class Executable {
  private Executable() {}

  /**
   * A file of the job's folder (made executable), an absolute path, or a program on the payload's
   * PATH. Inside an image only the image knows the last two.
   *
   * @throws JobFailure there is no such program
   */
  static String find(String name, JobFolders folders, String path, Containment containment)
      throws JobFailure {
    Optional<Path> own = ownFile(name, folders);
    if (own.isPresent() && Files.isRegularFile(own.get())) {
      if (!Files.isExecutable(own.get()) && !own.get().toFile().setExecutable(true)) {
        throw notFound(name + " cannot be made executable");
      }
      return own.get().toString();
    }
    boolean inImage =
        containment instanceof Containment.Apptainer || containment instanceof Containment.Podman;
    if (inImage && (name.startsWith("/") || !name.contains("/"))) {
      return name;
    }
    if (name.startsWith("/")) {
      if (isProgram(Path.of(name))) {
        return name;
      }
      throw notFound(name + " is not on this node, or not executable");
    }
    if (!name.contains("/")) {
      for (String folder : path.split(":")) {
        Path candidate = Path.of(folder.isEmpty() ? "/" : folder).resolve(name);
        if (isProgram(candidate)) {
          return candidate.toString();
        }
      }
    }
    throw notFound(name + " is neither in the input sandbox nor on the PATH of this node");
  }

  private static Optional<Path> ownFile(String name, JobFolders folders) throws JobFailure {
    try {
      Path own = folders.job().resolve(name).normalize();
      boolean inside = own.startsWith(folders.job());
      if (!inside && !name.startsWith("/")) {
        throw notFound(name + " leads outside the job's folder");
      }
      return inside ? Optional.of(own) : Optional.empty();
    } catch (InvalidPathException e) {
      throw notFound("no program can be called " + name);
    }
  }

  private static boolean isProgram(Path path) {
    return Files.isExecutable(path) && !Files.isDirectory(path);
  }

  private static JobFailure notFound(String text) {
    return new JobFailure(MinorStatus.APPLICATION_NOT_FOUND, text);
  }
}
