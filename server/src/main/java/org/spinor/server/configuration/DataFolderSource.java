package org.spinor.server.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** What is in the file; under the name of its commit where that is what was committed last. */
  @Override
  public Version newest() throws IOException {
    String text = Files.readString(file(), StandardCharsets.UTF_8);
    Optional<Version> last = last();
    return last.isPresent() && last.get().text().equals(text)
        ? last.get()
        : new Version(text, FileSource.digest(text), Files.getLastModifiedTime(file()).toInstant());
  }

  @Override
  public Version accept(Version version) throws IOException {
    Optional<Version> last = last();
    if (last.isPresent() && last.get().text().equals(version.text())) {
      return last.get();
    }
    String message =
        last.isEmpty() ? "The configuration of the first start" : "The configuration was edited";
    return keep(GitCommits.server(), message);
  }

  @Override
  public Version commit(Edit edit) throws IOException, MovedException {
    if (!Files.readString(file(), StandardCharsets.UTF_8).equals(edit.base().text())) {
      throw new MovedException();
    }
    FileSource.replace(file(), edit.text());
    try {
      return keep(GitCommits.author(edit.author()), GitCommits.message(edit));
    } catch (IOException e) {
      FileSource.replace(file(), edit.base().text());
      throw e;
    }
  }

  @Override
  public Optional<GitHistory> history() {
    return history.history();
  }

  /** Commits the file as it is. */
  private Version keep(PersonIdent author, String message) throws IOException {
    try (Git git = Git.open(folder.toFile())) {
      git.add().addFilepattern(GitSource.FILE).call();
      git.commit()
          .setMessage(message)
          .setAuthor(author)
          .setCommitter(GitCommits.server())
          .setSign(false)
          .setNoVerify(true)
          .call();
    } catch (GitAPIException e) {
      throw new IOException("cannot keep the history in " + folder + ": " + e.getMessage(), e);
    }
    return history.newest();
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
