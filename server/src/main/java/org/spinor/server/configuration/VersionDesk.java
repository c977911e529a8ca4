package org.spinor.server.configuration;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.diff.DiffFormatter;
import org.eclipse.jgit.diff.HistogramDiff;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ConfigurationChange;
import org.spinor.api.ConfigurationState;
import org.spinor.api.ConfigurationVersion;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.ConfigurationSource.Version;

/** Older versions of the configuration, and how they differ. */
final class VersionDesk {
  private static final int REMEMBERED = 256;

  private final ConfigurationWatch watch;
  private final ConfigurationEditor editor;

  /** Problems by revision: a commit never changes. */
  private final Map<String, List<String>> problems =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, List<String>> eldest) {
              return size() > REMEMBERED;
            }
          });

  VersionDesk(ConfigurationWatch watch, ConfigurationEditor editor) {
    this.watch = watch;
    this.editor = editor;
  }

  /** Two versions. */
  record Pair(Version from, Version to) {}

  ConfigurationState state() {
    Configuration current = watch.current();
    return new ConfigurationState(
        watch.source().name(),
        watch.source().history().isPresent(),
        current.revision(),
        current.changed(),
        watch
            .rejected()
            .map(
                rejected ->
                    new ConfigurationState.Rejected(
                        rejected.revision(), rejected.since(), rejected.problems()))
            .orElse(null));
  }

  ConfigurationVersion.Page history(int page, int perPage) {
    if (page < 1 || perPage < 1 || perPage > 100) {
      throw ConfigurationEditor.refusal(
          "expected page from 1 and per_page from 1 to 100, got page=%d per_page=%d"
              .formatted(page, perPage));
    }
    return reading(
        () -> {
          long skip = (page - 1L) * perPage;
          GitHistory.Page found =
              editor.requireHistory().page((int) Math.min(Integer.MAX_VALUE, skip), perPage);
          return new ConfigurationVersion.Page(
              found.entries().stream().map(this::told).toList(), found.total());
        });
  }

  /** A commit of the history. */
  GitHistory.Entry entry(String revision) {
    return reading(() -> editor.requireHistory().at(revision));
  }

  ConfigurationVersion told(GitHistory.Entry entry) {
    Version version = entry.version();
    return new ConfigurationVersion(
        version.revision(),
        version.changed(),
        entry.author(),
        entry.email(),
        entry.reason().strip(),
        watch.isSame(watch.current().revision(), version),
        problems.computeIfAbsent(version.revision(), any -> Draft.of(version.text()).problems()));
  }

  /** The newest version, or that of a commit. */
  Version version(@Nullable String revision) {
    return revision == null ? reading(watch::newest) : entry(revision).version();
  }

  /**
   * What is to be compared.
   *
   * @param from null: the version before the other one
   * @param to null: the newest
   */
  Pair pair(@Nullable String from, @Nullable String to) {
    return reading(
        () -> {
          GitHistory history = editor.requireHistory();
          Version newer = version(to);
          if (from != null) {
            return new Pair(history.at(from).version(), newer);
          }
          return new Pair(
              history
                  .before(newer)
                  .orElseThrow(
                      () ->
                          new SpinorException(
                              ErrorCode.NOT_FOUND,
                              "revision %s is the first; there is nothing to compare it with"
                                  .formatted(newer.revision()))),
              newer);
        });
  }

  /** The places that differ. */
  ConfigurationChange.Diff diff(Pair pair) {
    for (Version version : List.of(pair.from(), pair.to())) {
      List<String> unreadable = new ArrayList<>();
      YamlReader.read(version.text(), unreadable);
      if (!unreadable.isEmpty()) {
        throw new SpinorException(
            ErrorCode.CONFIGURATION_INVALID,
            "revision %s cannot be compared place by place, only as text (spinor config diff --text)"
                .formatted(version.revision()),
            unreadable);
      }
    }
    return new ConfigurationChange.Diff(
        pair.from().revision(),
        pair.to().revision(),
        told(ConfigurationEditor.changes(pair.from(), pair.to())));
  }

  static List<ConfigurationChange> told(List<Change> changes) {
    return changes.stream()
        .map(change -> new ConfigurationChange(change.path(), change.before(), change.after()))
        .toList();
  }

  /** The lines that differ, as {@code diff -u} shows them. */
  String unified(Pair pair) {
    RawText before = new RawText(pair.from().text().getBytes(StandardCharsets.UTF_8));
    RawText after = new RawText(pair.to().text().getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (DiffFormatter formatter = new DiffFormatter(lines)) {
      formatter.format(
          new HistogramDiff().diff(RawTextComparator.DEFAULT, before, after), before, after);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines.size() == 0
        ? ""
        : "--- %s\t%s%n+++ %s\t%s%n%s"
            .formatted(
                GitSource.FILE,
                pair.from().revision(),
                GitSource.FILE,
                pair.to().revision(),
                lines.toString(StandardCharsets.UTF_8));
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private <T> T reading(Reading<T> work) {
    try {
      return work.read();
    } catch (IOException e) {
      throw new SpinorException(
          ErrorCode.UNAVAILABLE,
          "the configuration %s cannot be read: %s"
              .formatted(watch.source().name(), e.getMessage()));
    }
  }
}
