package org.spinor.cli.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.spinor.jdl.Ad;

/**
 * A job description on its way to the server.
 *
 * @param source where it comes from, for messages
 * @param ad the description
 * @param directory against which the names of local files are resolved
 */
record Description(String source, Ad ad, Path directory) {
  private static final String SANDBOX = "InputSandbox";

  /** Whether the server makes several jobs of it. */
  boolean isParametric() {
    return ad.names().stream().anyMatch(name -> name.matches("(?i)parameters(\\..+)?"));
  }

  /** Entries of the input sandbox that are no local files: other sandboxes, logical file names. */
  List<String> remoteInputs() {
    return ad.strings(SANDBOX).stream().filter(Description::isRemote).toList();
  }

  private static boolean isRemote(String entry) {
    return entry.matches("(?i)(SB|LFN):.*");
  }

  /**
   * The local files and folders to send along: those of the input sandbox, wildcards resolved, and
   * the executable where it is a file beside the description.
   */
  List<Path> localInputs() {
    Set<Path> files = new LinkedHashSet<>();
    for (String entry : ad.strings(SANDBOX)) {
      if (!isRemote(entry) && !entry.isBlank()) {
        files.addAll(resolve(entry));
      }
    }
    String executable = ad.string("Executable").orElse("");
    Path file = directory.resolve(executable);
    boolean beside =
        !executable.isEmpty() && !executable.startsWith("/") && Files.isRegularFile(file);
    if (beside
        && files.stream().noneMatch(known -> known.getFileName().equals(file.getFileName()))) {
      files.add(file);
    }
    return List.copyOf(files);
  }

  private List<Path> resolve(String entry) {
    Path file = directory.resolve(entry);
    Path folder = file.getParent();
    if (Files.exists(file) || !entry.matches(".*[*?].*") || folder == null) {
      return List.of(file);
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> matches =
        Files.newDirectoryStream(folder, file.getFileName().toString())) {
      matches.forEach(found::add);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look for " + entry, e);
    }
    found.sort(null);
    return found.isEmpty() ? List.of(file) : found;
  }

  /** The description with the local files replaced by the sandbox that holds them. */
  Description withSandbox(String pfn) {
    List<String> entries = new ArrayList<>(remoteInputs());
    entries.addFirst(pfn);
    return new Description(source, ad.toBuilder().put(SANDBOX, entries).build(), directory);
  }
}
