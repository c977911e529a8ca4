package org.spinor.server.provisioning;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.spinor.spi.MisconfiguredException;

/**
 * Plug-ins dropped as a folder: each has a class loader of its own, which sees the JDK, the SPI,
 * and the jars of the folder, nothing of the server.
 */
final class PluginFolders {
  private PluginFolders() {}

  /** The SPI's packages from the server, everything else from the JDK. */
  private static final class Window extends ClassLoader {
    private final ClassLoader server;

    Window(ClassLoader server) {
      super(ClassLoader.getPlatformClassLoader());
      this.server = server;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("org.spinor.spi.") || name.startsWith("org.jspecify.")) {
        return server.loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }

  /** A folder and its class loader. */
  record Folder(Path path, ClassLoader loader) {
    boolean hasNameOf(Folder other) {
      return path.endsWith(other.path.getFileName());
    }
  }

  /** One for each folder with jars in it; none where the parent is missing. */
  static List<Folder> of(Path parent) {
    List<Folder> folders = new ArrayList<>();
    if (!Files.isDirectory(parent)) {
      return folders;
    }
    Window window = new Window(PluginFolders.class.getClassLoader());
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, Files::isDirectory)) {
      for (Path folder : entries) {
        List<URL> jars = jars(folder);
        if (!jars.isEmpty()) {
          folders.add(
              new Folder(
                  folder,
                  new URLClassLoader(
                      "plugin-" + folder.getFileName(), jars.toArray(URL[]::new), window)));
        }
      }
    } catch (IOException e) {
      throw new MisconfiguredException("cannot read the folder of plug-ins " + parent, e);
    }
    return folders;
  }

  private static List<URL> jars(Path folder) throws IOException {
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.jar")) {
      for (Path jar : entries) {
        jars.add(url(jar));
      }
    }
    return jars;
  }

  private static URL url(Path jar) throws MalformedURLException {
    return jar.toUri().toURL();
  }
}
