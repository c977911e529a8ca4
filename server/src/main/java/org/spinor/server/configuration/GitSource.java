package org.spinor.server.configuration;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/**
 * The file {@code default.yml} of a branch of a git repository: a local one ({@code
 * git+file:///path}) or a remote one ({@code git+https://host/repo.git}), kept as a copy in the
 * data folder so that a start works while the remote does not. {@code ?revision=NAME} names the
 * branch; without it {@code master}, {@code main}, or what the repository itself prefers.
 */
final class GitSource implements ConfigurationSource {
  private static final Logger log = LoggerFactory.getLogger(GitSource.class);
  static final String FILE = "default.yml";

  private final Repository repository;
  private final Optional<String> branch;
  private final String name;
  private final @Nullable Remote remote;

  private record Remote(String url, @Nullable CredentialsProvider login) {}

  private GitSource(
      Repository repository, Optional<String> branch, String name, @Nullable Remote remote) {
    this.repository = repository;
    this.branch = branch;
    this.name = name;
    this.remote = remote;
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
      case "https", "http" -> remote(uri, branch, copies);
      default ->
          throw refusal(
              "--config: expected git+file:///path or git+https://host/repo.git, got git+" + url);
    };
  }

  static GitSource local(Path path, Optional<String> branch, String name) {
    Path folder = Files.isDirectory(path.resolve(".git")) ? path.resolve(".git") : path;
    if (!Files.isDirectory(folder.resolve("objects"))) {
      throw refusal("--config: there is no git repository in " + path);
    }
    return new GitSource(repository(folder), branch, name, null);
  }

  private static GitSource remote(URI uri, Optional<String> branch, Path copies) {
    String bare =
        "%s://%s%s%s"
            .formatted(
                uri.getScheme(),
                uri.getHost(),
                uri.getPort() < 0 ? "" : ":" + uri.getPort(),
                uri.getRawPath());
    String[] login = uri.getUserInfo() == null ? null : uri.getUserInfo().split(":", 2);
    Path copy = copies.resolve(FileSource.digest(bare).substring(0, 16) + ".git");
    Repository repository = repository(copy);
    try {
      if (!Files.isDirectory(copy.resolve("objects"))) {
        repository.create(true);
      }
    } catch (IOException e) {
      throw refusal("--config: cannot keep a copy of " + bare + ": " + e.getMessage());
    }
    return new GitSource(
        repository,
        branch,
        "git+" + bare,
        new Remote(
            bare,
            login == null
                ? null
                : new UsernamePasswordCredentialsProvider(
                    login[0], login.length > 1 ? login[1] : "")));
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
      fetch(remote);
    }
    ObjectId commit = commit();
    try (RevWalk walk = new RevWalk(repository)) {
      RevCommit parsed = walk.parseCommit(commit);
      try (TreeWalk file = TreeWalk.forPath(repository, FILE, parsed.getTree())) {
        if (file == null) {
          throw refusal("%s: no file %s in revision %s".formatted(name, FILE, commit.name()));
        }
        byte[] bytes = repository.open(file.getObjectId(0)).getBytes();
        return new Version(
            new String(bytes, StandardCharsets.UTF_8),
            commit.name(),
            Instant.ofEpochSecond(parsed.getCommitTime()));
      }
    }
  }

  private ObjectId commit() throws IOException {
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
        return found;
      }
    }
    throw refusal(name + ": no branch " + branch.orElse("master or main"));
  }

  private void fetch(Remote from) throws IOException {
    try (Git git = new Git(repository)) {
      git.fetch()
          .setRemote(from.url())
          .setRefSpecs(
              new RefSpec("+refs/heads/*:refs/heads/*"), new RefSpec("+refs/tags/*:refs/tags/*"))
          .setRemoveDeletedRefs(true)
          .setTimeout(20)
          .setCredentialsProvider(from.login())
          .call();
    } catch (GitAPIException e) {
      if (repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).isEmpty()) {
        throw refusal("cannot fetch " + name + ": " + e.getMessage());
      }
      log.warn("cannot fetch {} ({}); going on with the copy", name, e.getMessage());
    }
  }

  @Override
  public void close() {
    repository.close();
  }
}
