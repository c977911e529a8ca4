package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folders of one attempt.
 *
 * @param job the payload's working directory
 * @param tmp its temporary files
 * @param control the wrapper's own: journal, archives, parts of long outputs; never shown to a
 *     contained payload
 */
public record JobFolders(Path job, Path tmp, Path control) {

  /** Makes the folders below one of their own. */
  public static JobFolders create(Path folder) throws IOException {
    return new JobFolders(
        Files.createDirectories(folder.resolve("job")),
        Files.createDirectories(folder.resolve("tmp")),
        Files.createDirectories(folder.resolve("control")));
  }
}
