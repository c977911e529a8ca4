package org.spinor.server.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.spinor.api.SpinorException;

/**
 * {@code config/default.yml} in the data folder, made at the first start. Operators edit the file;
 * each version that is valid becomes a commit of the git repository around it, so that there is a
 * history without anybody having to think of it.
 */
final class DataFolderSource implements ConfigurationSource {
  private static final PersonIdent AUTHOR = new PersonIdent("Spinor", "spinor@localhost");

  private final Path folder;
  private final GitSource history;

  private DataFolderSource(Path folder, GitSource history) {
    this.folder = folder;
    this.history = history;
  }

  static DataFolderSource open(Path folder) throws IOException {
    GitSettings.apply();
    if (!Files.exists(folder.resolve(GitSource.FILE))) {
      try (InputStream first = DataFolderSource.class.getResourceAsStream("default.yml")) {
        if (first == null) {
          throw new IOException("no default configuration on the class path");
        }
        Files.write(folder.resolve(GitSource.FILE), first.readAllBytes());
      }
    }
    if (!Files.isDirectory(folder.resolve(".git"))) {
      try {
        Git.init().setDirectory(folder.toFile()).setInitialBranch("master").call().close();
      } catch (GitAPIException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    return new DataFolderSource(
        folder, GitSource.local(folder, Optional.of("master"), folder.toString()));
  }

  private Path file() {
    return folder.resolve(GitSource.FILE);
  }

  @Override
  public String name() {
    return file().toString();
  }

  @Override
  public Version newest() throws IOException {
    String text = Files.readString(file(), StandardCharsets.UTF_8);
    Instant changed = Files.getLastModifiedTime(file()).toInstant();
    return new Version(text, FileSource.digest(text), changed);
  }

  @Override
  public Version accept(Version version) throws IOException {
    Optional<Version> last = last();
    if (last.isPresent() && last.get().text().equals(version.text())) {
      return last.get();
    }
    String message =
        last.isEmpty() ? "The configuration of the first start" : "The configuration was edited";
    try (Git git = Git.open(folder.toFile())) {
      git.add().addFilepattern(GitSource.FILE).call();
      git.commit()
          .setMessage(message)
          .setAuthor(AUTHOR)
          .setCommitter(AUTHOR)
          .setSign(false)
          .setNoVerify(true)
          .call();
    } catch (GitAPIException e) {
      throw new IOException("cannot keep the history in " + folder + ": " + e.getMessage(), e);
    }
    Version kept = history.newest();
    return new Version(version.text(), kept.revision(), kept.changed());
  }

  private Optional<Version> last() throws IOException {
    try {
      return Optional.of(history.newest());
    } catch (SpinorException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    history.close();
  }
}
