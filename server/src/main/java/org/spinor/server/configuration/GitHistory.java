package org.spinor.server.configuration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.ConfigurationSource.Version;

/** The versions of the file {@code default.yml} on one branch of a git repository. */
final class GitHistory {
  private static final Pattern REVISION = Pattern.compile("[0-9a-f]{4,40}");

  private final Repository repository;
  private final Head head;

  /** The newest commit of the branch. */
  interface Head {
    ObjectId commit() throws IOException;
  }

  /**
   * A commit that changed the file.
   *
   * @param reason the message as it was written
   */
  record Entry(Version version, String author, String email, String reason) {}

  /**
   * Some of them, newest first.
   *
   * @param total how many there are
   */
  record Page(List<Entry> entries, long total) {}

  GitHistory(Repository repository, Head head) {
    this.repository = repository;
    this.head = head;
  }

  Page page(int skip, int limit) throws IOException {
    List<Entry> entries = new ArrayList<>();
    int seen = 0;
    try (RevWalk walk = new RevWalk(repository)) {
      walk.setTreeFilter(
          AndTreeFilter.create(PathFilter.create(GitSource.FILE), TreeFilter.ANY_DIFF));
      walk.markStart(walk.parseCommit(head.commit()));
      for (RevCommit commit : walk) {
        if (seen >= skip && entries.size() < limit) {
          entries.add(entry(commit));
        }
        seen++;
      }
    }
    return new Page(entries, seen);
  }

  /** The newest version with another text that is older than this one. */
  Optional<Version> before(Version version) throws IOException {
    boolean committed = isKnown(version);
    try (RevWalk walk = new RevWalk(repository)) {
      walk.markStart(
          walk.parseCommit(committed ? ObjectId.fromString(version.revision()) : head.commit()));
      for (RevCommit commit : walk) {
        Version older = version(commit);
        if (!older.text().equals(version.text())) {
          return Optional.of(older);
        }
      }
    }
    return Optional.empty();
  }

  private boolean isKnown(Version version) throws IOException {
    return repository.getObjectDatabase().has(ObjectId.fromString(version.revision()))
        && repository.open(ObjectId.fromString(version.revision())).getType()
            == Constants.OBJ_COMMIT;
  }

  /**
   * The version of a commit.
   *
   * @param revision the commit's name, or its first four digits or more
   * @throws SpinorException the branch has no such commit
   */
  Entry at(String revision) throws IOException {
    if (REVISION.matcher(revision).matches()) {
      try (RevWalk walk = new RevWalk(repository)) {
        ObjectId found = repository.resolve(revision + "^{commit}");
        if (found != null) {
          RevCommit commit = walk.parseCommit(found);
          if (walk.isMergedInto(commit, walk.parseCommit(head.commit()))) {
            return entry(commit);
          }
        }
      } catch (AmbiguousObjectException e) {
        throw new SpinorException(
            ErrorCode.INVALID_REQUEST,
            "several revisions begin with %s; give more digits".formatted(revision));
      } catch (MissingObjectException | IncorrectObjectTypeException e) {
        // as if there were nothing of that name
      }
    }
    throw new SpinorException(
        ErrorCode.NOT_FOUND,
        "the configuration has no revision %s; spinor config history shows those there are"
            .formatted(revision));
  }

  private Entry entry(RevCommit commit) throws IOException {
    PersonIdent author = commit.getAuthorIdent();
    return new Entry(
        version(commit), author.getName(), author.getEmailAddress(), commit.getFullMessage());
  }

  /** What a commit has in the file; nothing where it has no such file. */
  private Version version(RevCommit commit) throws IOException {
    String text = "";
    try (TreeWalk file = TreeWalk.forPath(repository, GitSource.FILE, commit.getTree())) {
      if (file != null) {
        text = new String(repository.open(file.getObjectId(0)).getBytes(), StandardCharsets.UTF_8);
      }
    }
    return new Version(text, commit.name(), Instant.ofEpochSecond(commit.getCommitTime()));
  }
}
