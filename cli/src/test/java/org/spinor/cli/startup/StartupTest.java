package org.spinor.cli.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.cli.Shell;
import picocli.CommandLine;

class StartupTest {
  @TempDir private Path folder;

  @Test
  void modernisedClassesWork() throws Exception {
    Path jar = folder.resolve("picocli.jar");
    URL original = CommandLine.class.getProtectionDomain().getCodeSource().getLocation();
    try (InputStream in = original.openStream()) {
      Files.copy(in, jar);
    }
    assertThat(ModernClasses.modernise(jar)).isTrue();
    assertThat(ModernClasses.modernise(jar)).as("nothing is left to do").isFalse();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader())) {
      Class<?> commandLine = loader.loadClass("picocli.CommandLine");
      Class<?> help = loader.loadClass("picocli.CommandLine$HelpCommand");
      Object instance =
          commandLine.getConstructor(Object.class).newInstance(help.getConstructor().newInstance());
      Object usage = commandLine.getMethod("getUsageMessage").invoke(instance);
      assertThat(usage.toString()).contains("Usage: help");
    }
    assertThat(folder.resolve("picocli.jar.new")).doesNotExist();
  }

  @Test
  void trainingRunsThrough() {
    Shell.Result result = new Shell(folder).run("aot-training");
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
  }
}
