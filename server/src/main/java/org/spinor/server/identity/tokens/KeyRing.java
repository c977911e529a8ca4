package org.spinor.server.identity.tokens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of the key file, read again soon after the file has changed. A file that cannot be used
 * changes nothing.
 */
final class KeyRing implements Keys {
  private static final Logger log = LoggerFactory.getLogger(KeyRing.class);
  private static final long PAUSE = Duration.ofSeconds(5).toNanos();

  /** What tells two versions of a file apart without reading it. */
  private record Version(@Nullable Object key, FileTime changed, long size) {}

  private final Path file;
  private final ReentrantLock reading = new ReentrantLock();
  private final AtomicLong nextLook = new AtomicLong(System.nanoTime() + PAUSE);
  private volatile Version version;
  private volatile SigningKeys keys;

  private KeyRing(Path file, Version version, SigningKeys keys) {
    this.file = file;
    this.version = version;
    this.keys = keys;
  }

  /** The keys of the file; where there is none, new ones, kept there. */
  static KeyRing loadOrCreate(Path file, Instant now) {
    KeyFile.loadOrCreate(file, now);
    Version version = version(file); // before the keys: a change in between is seen later
    return new KeyRing(file, version, KeyFile.read(file));
  }

  private static Version version(Path file) {
    try {
      BasicFileAttributes about = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(about.fileKey(), about.lastModifiedTime(), about.size());
    } catch (IOException e) {
      return new Version(null, FileTime.fromMillis(0), -1);
    }
  }

  @Override
  public SigningKeys now() {
    long due = nextLook.get();
    long time = System.nanoTime();
    if (time - due >= 0 && nextLook.compareAndSet(due, time + PAUSE)) {
      look();
    }
    return keys;
  }

  @Override
  public SigningKeys newest() {
    look();
    return keys;
  }

  private void look() {
    if (version(file).equals(version)) {
      return;
    }
    reading.lock();
    try {
      Version seen = version(file);
      if (seen.equals(version)) {
        return; // somebody else has just done it
      }
      version = seen;
      keys = KeyFile.read(file);
      log.info("took the signing keys of {} into use", file);
    } catch (RuntimeException e) {
      log.error("the signing keys in use stay: {}", e.getMessage());
    } finally {
      reading.unlock();
    }
  }
}
