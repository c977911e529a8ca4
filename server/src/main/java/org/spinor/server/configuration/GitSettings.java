package org.spinor.server.configuration;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the git library to itself: it reads no settings of the user or the system, writes none, and
 * does not measure the file system at the start.
 */
final class GitSettings extends SystemReader.Delegate {
  private static final Object ONCE = new Object();
  private static boolean done;

  private GitSettings(SystemReader real) {
    super(real);
  }

  static void apply() {
    synchronized (ONCE) {
      if (!done) {
        SystemReader.setInstance(new GitSettings(SystemReader.getInstance()));
        done = true;
      }
    }
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fileSystem) {
    return new Nothing(parent, fileSystem);
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fileSystem) {
    return new Nothing(parent, fileSystem);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fileSystem) {
    return new Nothing(parent, fileSystem);
  }

  /** Without a library for SSH git runs the program that this names. */
  @Override
  public @Nullable String getenv(String variable) {
    String value = super.getenv(variable);
    return value == null && variable.equals("GIT_SSH") ? "ssh" : value;
  }

  private static final class Nothing extends FileBasedConfig {
    Nothing(Config parent, FS fileSystem) {
      super(parent, Path.of("none").toFile(), fileSystem);
    }

    /** Times of files are taken for exact to a hundredth of a second, without an experiment. */
    @Override
    public long getTimeUnit(
        String section, @Nullable String subsection, String name, long otherwise, TimeUnit unit) {
      return section.equals("filesystem")
          ? unit.convert(10, TimeUnit.MILLISECONDS)
          : super.getTimeUnit(section, subsection, name, otherwise, unit);
    }

    @Override
    public void load() {
      // there is nothing to read
    }

    @Override
    public void save() {
      // and nothing to keep
    }

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
