package org.spinor.server.configuration;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.merge.MergeAlgorithm;
import org.eclipse.jgit.merge.MergeFormatter;
import org.eclipse.jgit.merge.MergeResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.ConfigurationSource.Edit;
import org.spinor.server.configuration.ConfigurationSource.Version;

/**
 * Changes the configuration for people: a new version with its author and reason, valid as a whole
 * or not made at all. Nobody's edit is lost: what was written for one version is never put over
 * another one that says something else in the same place.
 */
final class ConfigurationEditor {
  private static final Logger audit = LoggerFactory.getLogger("security");
  private static final int LONGEST_REASON = 2000;

  private final ConfigurationWatch watch;

  ConfigurationEditor(ConfigurationWatch watch) {
    this.watch = watch;
  }

  /**
   * What became of an edit.
   *
   * @param version the newest version now
   * @param changes what the edit changed; none: everything was so already, and no version was made
   */
  record Edited(Version version, List<Change> changes) {}

  /**
   * A value at a path.
   *
   * @param value YAML; null: nothing shall stand there
   */
  record Setting(List<String> path, @Nullable String value) {}

  /**
   * Replaces the whole text.
   *
   * @param expected the revision that the text was made from; {@code *}: whatever there is
   * @param merge where somebody was faster, whether both changes may become one text, if they are
   *     in different lines
   */
  Edited replace(
      Author author, @Nullable String reason, String expected, String text, boolean merge) {
    return edit(
        author,
        reason,
        new Work() {
          @Override
          public String apply(Version base) {
            if (expected.equals("*") || watch.isSame(expected, base)) {
              return text;
            }
            return Optional.of(known(expected, base))
                .filter(_ -> merge)
                .flatMap(seen -> merged(seen, base, text))
                .orElseThrow(() -> tooLate(expected, base));
          }

          @Override
          public void moved(Version from, Version to) {
            // the next apply says so
          }
        });
  }

  /**
   * Changes single places, and nothing else in the text.
   *
   * @param expected the revision that the caller has seen; refused where one of the places was
   *     changed since
   */
  Edited set(
      Author author, @Nullable String reason, Optional<String> expected, List<Setting> settings) {
    if (settings.isEmpty()) {
      throw refusal("changes: at least one is needed");
    }
    return edit(
        author,
        reason,
        new Work() {
          private boolean first = true;

          @Override
          public String apply(Version base) {
            if (first && expected.isPresent() && !watch.isSame(expected.get(), base)) {
              requireUntouched(known(expected.get(), base), base, settings);
            }
            first = false;
            String text = base.text();
            for (Setting setting : settings) {
              text = YamlEdit.of(text).with(setting.path(), setting.value());
            }
            return text;
          }

          @Override
          public void moved(Version from, Version to) {
            requireUntouched(from, to, settings);
          }
        });
  }

  /** Makes the text of an older version the newest one again. */
  Edited rollback(Author author, @Nullable String reason, String revision) {
    GitHistory history = requireHistory();
    return edit(
        author,
        reason,
        new Work() {
          @Override
          public String apply(Version base) {
            try {
              return history.at(revision).version().text();
            } catch (IOException e) {
              throw unreadable(e);
            }
          }

          @Override
          public void moved(Version from, Version to) {
            throw tooLate(from.revision(), to);
          }
        });
  }

  /** The source's history. */
  GitHistory requireHistory() {
    return watch
        .source()
        .history()
        .orElseThrow(
            () ->
                new SpinorException(
                    ErrorCode.NOT_FOUND,
                    "the configuration is the file %s, which has no history; a git repository (--config git+file:///path) has one"
                        .formatted(watch.source().name())));
  }

  /** How to make one text of another. */
  private interface Work {
    String apply(Version base);

    void moved(Version from, Version to);
  }

  private Edited edit(Author author, @Nullable String reason, Work work) {
    String why = reason(reason);
    List<Version> bases = new ArrayList<>();
    try {
      Version made =
          watch.edit(
              new ConfigurationWatch.Editing() {
                @Override
                public String apply(Version base) {
                  bases.add(base);
                  return work.apply(base);
                }

                @Override
                public void moved(Version from, Version to) {
                  work.moved(from, to);
                }

                @Override
                public Edit edit(Version base, String text) {
                  return new Edit(base, text, author, why);
                }
              });
      Version base = bases.getLast();
      if (made.equals(base)) {
        return new Edited(made, List.of());
      }
      audit.info(
          "configuration {} by {} ({}) from {}: {}",
          made.revision(),
          plain(author.subject()),
          plain(author.username()),
          author.address(),
          plain(why));
      return new Edited(made, changes(base, made));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  private static String reason(@Nullable String reason) {
    String text = reason == null ? "" : reason.replaceAll("[\\p{Cntrl}&&[^\\n]]", "").strip();
    if (text.isEmpty() || text.length() > LONGEST_REASON) {
      throw refusal(
          "reason: expected a text of 1 to %d characters that says why".formatted(LONGEST_REASON));
    }
    return text;
  }

  private Version known(String revision, Version newest) {
    try {
      return requireHistory().at(revision).version();
    } catch (SpinorException e) {
      throw tooLate(revision, newest);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static void requireUntouched(Version from, Version to, List<Setting> settings) {
    List<String> theirs =
        changes(from, to).stream()
            .filter(
                change -> settings.stream().anyMatch(setting -> change.overlaps(setting.path())))
            .map(Change::line)
            .toList();
    if (!theirs.isEmpty()) {
      throw new SpinorException(
          ErrorCode.PRECONDITION_FAILED,
          "nothing was changed: somebody was faster, revision %s has changed the same place"
              .formatted(to.revision()),
          theirs);
    }
  }

  private SpinorException tooLate(String expected, Version newest) {
    List<String> theirs = new ArrayList<>();
    try {
      Optional<GitHistory> history = watch.source().history();
      if (history.isPresent()) {
        changes(history.get().at(expected).version(), newest)
            .forEach(change -> theirs.add(change.line()));
      }
    } catch (IOException | SpinorException e) {
      // what the caller had is not known any more
      theirs.clear();
    }
    return new SpinorException(
        ErrorCode.PRECONDITION_FAILED,
        "nothing was changed: somebody was faster, the newest version is %s, not %s%s"
            .formatted(
                newest.revision(), expected, theirs.isEmpty() ? "" : "; changed since then:"),
        theirs);
  }

  /** Two changes of one text as one; empty where they are in the same lines. */
  private static Optional<String> merged(Version base, Version theirs, String ours) {
    MergeResult<RawText> result =
        new MergeAlgorithm()
            .merge(RawTextComparator.DEFAULT, raw(base.text()), raw(theirs.text()), raw(ours));
    if (result.containsConflicts()) {
      return Optional.empty();
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      new MergeFormatter()
          .formatMerge(text, result, List.of("base", "theirs", "ours"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(text.toString(StandardCharsets.UTF_8));
  }

  private static RawText raw(String text) {
    return new RawText(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What differs; nothing where one of the two is no YAML. */
  static List<Change> changes(Version from, Version to) {
    List<String> problems = new ArrayList<>();
    YamlTree.Section before = YamlReader.read(from.text(), problems);
    YamlTree.Section after = YamlReader.read(to.text(), problems);
    return problems.isEmpty() ? Change.between(before, after) : List.of();
  }

  static SpinorException refusal(String text) {
    return new SpinorException(ErrorCode.INVALID_REQUEST, text);
  }

  private SpinorException unreadable(IOException e) {
    return new SpinorException(
        ErrorCode.UNAVAILABLE,
        "the configuration %s cannot be read or written: %s"
            .formatted(watch.source().name(), e.getMessage()));
  }
}
