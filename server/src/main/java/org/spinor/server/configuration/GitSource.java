package org.spinor.server.configuration;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/**
 * The file {@code default.yml} of a branch of a git repository: a local one ({@code
 * git+file:///path}) or a remote one ({@code git+https://host/repo.git}, {@code
 * git+ssh://user@host/repo.git}), kept as a copy in the data folder so that a start works while the
 * remote does not. {@code ?revision=NAME} names the branch; without it {@code master}, {@code
 * main}, or what the repository itself prefers. Edits become commits: of a local repository by
 * moving its branch, of a remote one by a push.
 */
final class GitSource implements ConfigurationSource {
  static final String FILE = "default.yml";

  private final Repository repository;
  private final Optional<String> branch;
  private final String name;
  private final @Nullable GitRemote remote;
  private final GitHistory history;

  private GitSource(
      Repository repository, Optional<String> branch, String name, @Nullable GitRemote remote) {
    this.repository = repository;
    this.branch = branch;
    this.name = name;
    this.remote = remote;
    this.history = new GitHistory(repository, () -> head().commit());
  }

  /**
   * @param url as {@code --config} takes it, without {@code git+}
   * @param copies where copies of remote repositories are kept
   */
  static GitSource open(String url, Path copies) {
    GitSettings.apply();
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw refusal("--config: no address: git+" + url);
    }
    Optional<String> branch =
        Optional.ofNullable(uri.getQuery())
            .filter(query -> query.startsWith("revision="))
            .map(query -> query.substring("revision=".length()));
    if (uri.getQuery() != null && branch.isEmpty()) {
      throw refusal("--config: expected ?revision=BRANCH, got ?" + uri.getQuery());
    }
    return switch (uri.getScheme() == null ? "" : uri.getScheme()) {
      case "file" -> local(Path.of(uri.getPath()), branch, "git+" + url);
      case "https", "http", "ssh" -> remote(GitRemote.of(uri), branch, copies);
      default ->
          throw refusal(
              "--config: expected git+file:///path, git+https://host/repo.git or git+ssh://user@host/repo.git, got git+"
                  + url);
    };
  }

  static GitSource local(Path path, Optional<String> branch, String name) {
    Path folder = Files.isDirectory(path.resolve(".git")) ? path.resolve(".git") : path;
    if (!Files.isDirectory(folder.resolve("objects"))) {
      throw refusal("--config: there is no git repository in " + path);
    }
    return new GitSource(repository(folder), branch, name, null);
  }

  /** A copy of a remote repository, made where there is none yet. */
  static GitSource remote(GitRemote remote, Optional<String> branch, Path copies) {
    Path copy = copies.resolve(FileSource.digest(remote.url()).substring(0, 16) + ".git");
    Repository repository = repository(copy);
    try {
      if (!Files.isDirectory(copy.resolve("objects"))) {
        repository.create(true);
      }
    } catch (IOException e) {
      throw refusal("--config: cannot keep a copy of " + remote.url() + ": " + e.getMessage());
    }
    return new GitSource(repository, branch, "git+" + remote.url(), remote);
  }

  private static Repository repository(Path folder) {
    try {
      return new FileRepositoryBuilder().setGitDir(folder.toFile()).build();
    } catch (IOException e) {
      throw refusal("--config: cannot open the git repository " + folder + ": " + e.getMessage());
    }
  }

  private static SpinorException refusal(String text) {
    return new SpinorException(ErrorCode.CONFIGURATION_INVALID, text);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Duration every() {
    return remote == null ? Duration.ofSeconds(5) : Duration.ofSeconds(15);
  }

  @Override
  public Version newest() throws IOException {
    if (remote != null) {
      remote.fetch(repository, name);
    }
    ObjectId commit = head().commit();
    Version newest = at(commit);
    if (newest.text().isEmpty()) {
      throw refusal("%s: no file %s in revision %s".formatted(name, FILE, commit.name()));
    }
    return newest;
  }

  private Version at(ObjectId commit) throws IOException {
    return history.at(commit.name()).version();
  }

  @Override
  public Optional<GitHistory> history() {
    return Optional.of(history);
  }

  @Override
  public Version commit(Edit edit) throws IOException, MovedException {
    Head head = head();
    if (!head.commit().name().equals(edit.base().revision())) {
      throw new MovedException();
    }
    if (!head.ref().startsWith(Constants.R_HEADS)) {
      throw new SpinorException(
          ErrorCode.CONFLICT,
          "%s is no branch, so nothing can be added to it; start the server with the name of a branch in ?revision="
              .formatted(head.ref()));
    }
    ObjectId made;
    if (remote == null) {
      boolean checkedOut = GitCommits.requireCleanCheckout(repository, head.ref());
      made = GitCommits.insert(repository, head.commit(), edit);
      GitCommits.move(repository, head.ref(), head.commit(), made);
      if (checkedOut) {
        GitCommits.renewCheckout(repository, edit.text());
      }
    } else {
      made = GitCommits.insert(repository, head.commit(), edit);
      remote.push(repository, made, head.ref());
      GitCommits.move(repository, head.ref(), head.commit(), made);
    }
    return at(made);
  }

  /**
   * The newest commit.
   *
   * @param ref the branch, or the tag that it stands on
   */
  private record Head(String ref, ObjectId commit) {}

  private Head head() throws IOException {
    List<String> candidates =
        branch
            .map(chosen -> List.of(Constants.R_HEADS + chosen, Constants.R_TAGS + chosen))
            .orElse(
                List.of(
                    Constants.R_HEADS + Constants.MASTER,
                    Constants.R_HEADS + "main",
                    Constants.HEAD));
    for (String candidate : candidates) {
      ObjectId found = repository.resolve(candidate + "^{commit}");
      if (found != null) {
        Ref ref = repository.exactRef(candidate);
        return new Head(ref == null ? candidate : ref.getLeaf().getName(), found);
      }
    }
    throw refusal(name + ": no branch " + branch.orElse("master or main"));
  }

  @Override
  public void close() {
    repository.close();
  }
}
