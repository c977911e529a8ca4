package org.spinor.server.configuration;

import java.io.IOException;
import java.net.URI;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.api.errors.JGitInternalException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.PushResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.ConfigurationSource.MovedException;

/**
 * A git repository on another host. SSH goes through the {@code ssh} of this host, with the keys
 * and known hosts of the account that the server runs as.
 *
 * @param url without a password; user names only for SSH
 * @param seconds how long the remote may be silent
 */
record GitRemote(String url, @Nullable CredentialsProvider login, int seconds) {
  private static final Logger log = LoggerFactory.getLogger(GitRemote.class);
  private static final int SECONDS = 20;

  static GitRemote of(URI uri) {
    return of(uri, SECONDS);
  }

  static GitRemote of(URI uri, int seconds) {
    String scheme = uri.getScheme();
    String user = uri.getUserInfo();
    boolean ssh = "ssh".equals(scheme);
    String url =
        "%s://%s%s%s%s"
            .formatted(
                scheme,
                ssh && user != null ? user + "@" : "",
                uri.getHost() == null ? "" : uri.getHost(),
                uri.getPort() < 0 ? "" : ":" + uri.getPort(),
                uri.getRawPath());
    if (user == null || ssh) {
      return new GitRemote(url, null, seconds);
    }
    String[] login = user.split(":", 2);
    return new GitRemote(
        url,
        new UsernamePasswordCredentialsProvider(login[0], login.length > 1 ? login[1] : ""),
        seconds);
  }

  /** Brings the copy up to date; where the remote does not answer, the copy has to do. */
  void fetch(Repository copy, String name) throws IOException {
    try (Git git = new Git(copy)) {
      git.fetch()
          .setRemote(url)
          .setRefSpecs(
              new RefSpec("+refs/heads/*:refs/heads/*"), new RefSpec("+refs/tags/*:refs/tags/*"))
          .setRemoveDeletedRefs(true)
          .setTimeout(seconds)
          .setCredentialsProvider(login)
          .call();
    } catch (GitAPIException | JGitInternalException e) {
      if (copy.getRefDatabase().getRefsByPrefix(Constants.R_HEADS).isEmpty()) {
        throw new SpinorException(
            ErrorCode.CONFIGURATION_INVALID, "cannot fetch " + name + ": " + e.getMessage());
      }
      log.warn("cannot fetch {} ({}); going on with the copy", name, e.getMessage());
    }
  }

  /**
   * Makes a commit the newest of a branch there; never by force, so that it fails where somebody
   * was faster.
   */
  void push(Repository copy, ObjectId commit, String branch) throws MovedException {
    try (Git git = new Git(copy)) {
      Iterable<PushResult> results =
          git.push()
              .setRemote(url)
              .setRefSpecs(new RefSpec(commit.name() + ":" + branch))
              .setTimeout(seconds)
              .setCredentialsProvider(login)
              .call();
      for (PushResult result : results) {
        for (RemoteRefUpdate update : result.getRemoteUpdates()) {
          require(copy, update, branch);
        }
      }
    } catch (GitAPIException | JGitInternalException | IOException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private void require(Repository copy, RemoteRefUpdate update, String branch)
      throws IOException, MovedException {
    switch (update.getStatus()) {
      case OK, UP_TO_DATE -> {}
      case REJECTED_NONFASTFORWARD, REJECTED_REMOTE_CHANGED -> throw new MovedException();
      default -> {
        // a remote that was moved while we pushed says so in words of its own
        ObjectId before = copy.resolve(branch);
        fetch(copy, url);
        ObjectId now = copy.resolve(branch);
        if (before != null && !before.equals(now)) {
          throw new MovedException();
        }
        String said = update.getMessage();
        throw refused(said == null ? update.getStatus().toString() : said);
      }
    }
  }

  private SpinorException refused(String why) {
    return new SpinorException(
        ErrorCode.EXTERNAL,
        "nothing was changed: %s does not take the commit: %s".formatted(url, why));
  }
}
