package org.spinor.server.configuration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.ConfigurationSource.Edit;
import org.spinor.server.configuration.ConfigurationSource.MovedException;

/** Makes commits of edits without a working tree, and moves a branch to them or not at all. */
final class GitCommits {
  private static final Logger log = LoggerFactory.getLogger(GitCommits.class);

  private GitCommits() {}

  /** The server itself, now. */
  static PersonIdent server() {
    return new PersonIdent("Spinor", "spinor@localhost");
  }

  /** The author of an edit as git names people. */
  static PersonIdent author(Author author) {
    return new PersonIdent(author.username(), author.username() + "@" + author.vo());
  }

  /** The reason, and who that was: names may be given to somebody else later, subjects are not. */
  static String message(Edit edit) {
    Author author = edit.author();
    return "%s\n\nSpinor-User: %s (%s of %s)\n"
        .formatted(edit.reason(), author.subject(), author.username(), author.group());
  }

  /** Puts a commit on top of another into the repository; no branch knows of it yet. */
  static ObjectId insert(Repository repository, ObjectId parent, Edit edit) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter();
        RevWalk walk = new RevWalk(repository)) {
      ObjectId blob =
          inserter.insert(Constants.OBJ_BLOB, edit.text().getBytes(StandardCharsets.UTF_8));
      DirCache files = DirCache.newInCore();
      DirCacheBuilder old = files.builder();
      old.addTree(
          new byte[0],
          DirCacheEntry.STAGE_0,
          walk.getObjectReader(),
          walk.parseCommit(parent).getTree());
      old.finish();
      DirCacheEditor editor = files.editor();
      editor.add(
          new DirCacheEditor.PathEdit(GitSource.FILE) {
            @Override
            public void apply(DirCacheEntry entry) {
              if (entry.getRawMode() == 0) {
                entry.setFileMode(FileMode.REGULAR_FILE);
              }
              entry.setObjectId(blob);
            }
          });
      editor.finish();
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(files.writeTree(inserter));
      commit.setParentId(parent);
      commit.setAuthor(author(edit.author()));
      commit.setCommitter(server());
      commit.setMessage(message(edit));
      ObjectId made = inserter.insert(commit);
      inserter.flush();
      return made;
    }
  }

  /** Moves a branch from one commit to another, if it still stands on the first. */
  static void move(Repository repository, String branch, ObjectId from, ObjectId to)
      throws IOException, MovedException {
    RefUpdate update = repository.updateRef(branch);
    update.setExpectedOldObjectId(from);
    update.setNewObjectId(to);
    update.setRefLogIdent(server());
    update.setRefLogMessage("spinor: the configuration was edited", false);
    switch (update.update()) {
      case FAST_FORWARD, NEW, FORCED, NO_CHANGE -> {}
      case LOCK_FAILURE, REJECTED -> throw new MovedException();
      default -> throw new IOException("git refuses to move " + branch + ": " + update.getResult());
    }
  }

  /**
   * A repository that somebody works in has the branch checked out: the file there must be what the
   * branch says, before and after.
   *
   * @return whether the file is to be renewed after the branch has moved
   */
  static boolean requireCleanCheckout(Repository repository, String branch) throws IOException {
    if (repository.isBare() || !branch.equals(repository.getFullBranch())) {
      return false;
    }
    try (Git git = new Git(repository)) {
      if (!git.status().addPath(GitSource.FILE).call().isClean()) {
        throw new SpinorException(
            ErrorCode.CONFLICT,
            "%s has changes of %s that are not committed; commit them or take them back, then try again"
                .formatted(repository.getWorkTree(), GitSource.FILE));
      }
      return Files.exists(file(repository));
    } catch (GitAPIException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Writes what the branch says now into the working tree; the edit stands without that too. */
  static void renewCheckout(Repository repository, String text) {
    try (Git git = new Git(repository)) {
      FileSource.replace(file(repository), text);
      git.add().addFilepattern(GitSource.FILE).call();
    } catch (GitAPIException | IOException e) {
      log.warn(
          "the branch has moved, but {} is not renewed ({}); git checkout HEAD {} there does it",
          repository.getWorkTree(),
          e.getMessage(),
          GitSource.FILE);
    }
  }

  private static Path file(Repository repository) {
    return repository.getWorkTree().toPath().resolve(GitSource.FILE);
  }
}
