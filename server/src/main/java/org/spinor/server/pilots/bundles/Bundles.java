package org.spinor.server.pilots.bundles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.spinor.server.pilots.PilotFiles;
import org.springframework.stereotype.Component;

/** The folder of files that pilots fetch. */
@Component
final class Bundles implements PilotFiles {
  private static final String BOOTSTRAP = "bootstrap.sh";
  private static final Pattern BUNDLE =
      Pattern.compile("[a-z0-9]+-[a-z0-9_]+\\.tar\\.gz(\\.sha256)?");

  private final Path folder;

  Bundles(BundleProperties properties) {
    this.folder = properties.folder();
  }

  /** A file that may be fetched; empty: there is none of that name. */
  Optional<Path> file(String name) {
    if (!name.equals(BOOTSTRAP) && !BUNDLE.matcher(name).matches()) {
      return Optional.empty();
    }
    Path file = folder.resolve(name);
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  @Override
  public Optional<String> bootstrap() {
    return file(BOOTSTRAP).map(Bundles::text);
  }

  /** What there is, for people who look for what there is not. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.tar.gz")) {
        files.forEach(file -> names.add(file.getFileName().toString()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    names.sort(null);
    return names;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
