package org.spinor.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Plug-ins of the tests, installed as an operator installs others. */
public final class PluginJar {
  private static final String SERVICE =
      "META-INF/services/org.spinor.spi.computing.ComputingElementPlugin";

  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();

  private PluginJar() {}

  /** Into the data folder of a server, which is started again with it. */
  public static void install(Class<?> plugin, ServerProcess server) {
    String folder = plugin.getPackageName().replace('.', '/') + "/";
    Path classes = HOME.resolve("it/target/test-classes").resolve(folder);
    Path jar = server.data().resolve("plugins/test/test.jar");
    try {
      Files.createDirectories(jar.getParent());
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
          Stream<Path> files = Files.list(classes)) {
        out.putNextEntry(new JarEntry(SERVICE));
        out.write(plugin.getName().getBytes(UTF_8));
        for (Path file : files.toList()) {
          out.putNextEntry(new JarEntry(folder + file.getFileName()));
          out.write(Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.terminate();
    server.startAgain();
  }
}
