package org.spinor.server.configuration;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/** Keeps the configuration in force: looks for new versions, takes the valid ones. */
final class ConfigurationWatch implements Configurations, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConfigurationWatch.class);

  private static final int MAX_ATTEMPTS = 20;

  private final ConfigurationSource source;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Configuration current;
  private volatile boolean closed;
  private volatile Optional<Thread> thread = Optional.empty();
  private volatile Optional<Rejected> rejected = Optional.empty();
  private String seen;
  private volatile String text;

  /**
   * The newest version, not in force because of its problems.
   *
   * @param since when this server saw it
   */
  record Rejected(String revision, Instant changed, Instant since, List<String> problems) {}

  /** Makes a new version of the newest one, and of a newer one where somebody was faster. */
  interface Editing {
    /** The text of the new version. */
    String apply(ConfigurationSource.Version base);

    /** Somebody was faster: whether the edit can be made on the newer version instead. */
    void moved(ConfigurationSource.Version from, ConfigurationSource.Version to);

    ConfigurationSource.Edit edit(ConfigurationSource.Version base, String text);
  }

  /**
   * Reads the first version.
   *
   * @throws SpinorException it is not valid, with all problems
   */
  ConfigurationWatch(ConfigurationSource source) {
    this.source = source;
    try {
      ConfigurationSource.Version first = source.newest();
      Draft draft = Draft.of(first.text());
      if (!draft.problems().isEmpty()) {
        throw new SpinorException(
            ErrorCode.CONFIGURATION_INVALID,
            "the configuration %s cannot be used, %d %s:"
                .formatted(
                    source.name(),
                    draft.problems().size(),
                    draft.problems().size() == 1 ? "problem" : "problems"),
            draft.problems());
      }
      ConfigurationSource.Version kept = source.accept(first);
      this.seen = first.text();
      this.text = first.text();
      this.current = draft.toConfiguration(kept.revision(), kept.changed());
    } catch (IOException e) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID,
          "cannot read the configuration %s: %s".formatted(source.name(), e.getMessage()));
    }
  }

  /** Begins to look for new versions. */
  ConfigurationWatch start() {
    thread = Optional.of(Thread.ofVirtual().name("configuration-watch").start(this::watch));
    return this;
  }

  @Override
  public Configuration current() {
    return current;
  }

  @Override
  public void onChange(Runnable action) {
    listeners.add(action);
  }

  private void watch() {
    while (!closed) {
      try {
        Thread.sleep(source.every());
        look();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Takes the newest version where it is new and valid. */
  synchronized void look() {
    try {
      look(source.newest());
    } catch (IOException | SpinorException e) {
      log.warn("cannot read the configuration {}: {}", source.name(), e.getMessage());
    }
  }

  /** The newest version as it is kept. */
  private ConfigurationSource.Version look(ConfigurationSource.Version newest) throws IOException {
    if (newest.text().equals(seen)) {
      return newest;
    }
    seen = newest.text();
    Draft draft = Draft.of(newest.text());
    if (!draft.problems().isEmpty()) {
      rejected =
          Optional.of(
              new Rejected(newest.revision(), newest.changed(), Instant.now(), draft.problems()));
      log.error(
          "the new configuration {}, revision {}, is not taken, revision {} stays in force; {} problems:\n  {}",
          source.name(),
          newest.revision(),
          current.revision(),
          draft.problems().size(),
          String.join("\n  ", draft.problems()));
      return newest;
    }
    ConfigurationSource.Version kept = source.accept(newest);
    take(kept, draft);
    return kept;
  }

  private void take(ConfigurationSource.Version version, Draft draft) {
    seen = version.text();
    text = version.text();
    rejected = Optional.empty();
    current = draft.toConfiguration(version.revision(), version.changed());
    log.info("configuration {} is in force", version.revision());
    listeners.forEach(ConfigurationWatch::guarded);
  }

  ConfigurationSource source() {
    return source;
  }

  /** The newest version, where it is not in force because it is not valid. */
  Optional<Rejected> rejected() {
    return rejected;
  }

  /** The newest version, valid or not, looked for now. */
  synchronized ConfigurationSource.Version newest() throws IOException {
    return look(source.newest());
  }

  /** Whether the revision names this text: the newest commit, or one that is in force with it. */
  boolean isSame(String revision, ConfigurationSource.Version version) {
    return version.revision().equals(revision)
        || (current.revision().equals(revision) && version.text().equals(text));
  }

  /**
   * Makes an edit the newest version and takes it.
   *
   * @return the version; the base where the edit changes nothing
   * @throws SpinorException it would not be valid, or came too late; nothing was changed
   */
  synchronized ConfigurationSource.Version edit(Editing editing) throws IOException {
    ConfigurationSource.Version base = newest();
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      String edited = editing.apply(base);
      if (edited.equals(base.text())) {
        return base;
      }
      Draft draft = Draft.of(edited);
      if (!draft.problems().isEmpty()) {
        throw new SpinorException(
            ErrorCode.CONFIGURATION_INVALID,
            "nothing was changed: the configuration would have %d %s"
                .formatted(
                    draft.problems().size(), draft.problems().size() == 1 ? "problem" : "problems"),
            draft.problems());
      }
      try {
        ConfigurationSource.Version kept = source.commit(editing.edit(base, edited));
        take(kept, draft);
        return kept;
      } catch (ConfigurationSource.MovedException e) {
        ConfigurationSource.Version newer = newest();
        editing.moved(base, newer);
        base = newer;
      }
    }
    throw new SpinorException(
        ErrorCode.CONFLICT,
        "nothing was changed: others changed the configuration %d times in the meantime; try again"
            .formatted(MAX_ATTEMPTS));
  }

  private static void guarded(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      log.error("a listener of the configuration failed", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.ifPresent(Thread::interrupt);
    source.close();
  }
}
