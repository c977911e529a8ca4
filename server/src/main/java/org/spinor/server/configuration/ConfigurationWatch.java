package org.spinor.server.configuration;

import java.io.IOException;
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

  private final ConfigurationSource source;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile Configuration current;
  private volatile boolean closed;
  private volatile Optional<Thread> thread = Optional.empty();
  private String seen;

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
      ConfigurationSource.Version newest = source.newest();
      if (newest.text().equals(seen)) {
        return;
      }
      seen = newest.text();
      Draft draft = Draft.of(newest.text());
      if (!draft.problems().isEmpty()) {
        log.error(
            "the new configuration {} is not taken, revision {} stays in force; {} problems:\n  {}",
            source.name(),
            current.revision(),
            draft.problems().size(),
            String.join("\n  ", draft.problems()));
        return;
      }
      ConfigurationSource.Version kept = source.accept(newest);
      current = draft.toConfiguration(kept.revision(), kept.changed());
      log.info("configuration {} is in force", kept.revision());
    } catch (IOException | SpinorException e) {
      log.warn("cannot read the configuration {}: {}", source.name(), e.getMessage());
      return;
    }
    listeners.forEach(ConfigurationWatch::guarded);
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
