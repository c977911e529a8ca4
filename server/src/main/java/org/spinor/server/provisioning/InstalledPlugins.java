package org.spinor.server.provisioning;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where plug-ins of all kinds are: the server's class path, and folders with jars. */
public final class InstalledPlugins {
  private static final Logger log = LoggerFactory.getLogger(InstalledPlugins.class);

  private final List<PluginFolders.Folder> folders;

  private InstalledPlugins(List<PluginFolders.Folder> folders) {
    this.folders = List.copyOf(folders);
  }

  /**
   * Those of the server's class path and of the folders below these two.
   *
   * @param shipped folders that come with the server; one of the same name below the other stands
   *     in for it
   */
  public static InstalledPlugins below(Path shipped, Path folder) {
    List<PluginFolders.Folder> folders = new ArrayList<>(PluginFolders.of(folder));
    for (PluginFolders.Folder each : PluginFolders.of(shipped)) {
      if (folders.stream().noneMatch(each::hasNameOf)) {
        folders.add(each);
      }
    }
    return new InstalledPlugins(folders);
  }

  /**
   * All of one kind.
   *
   * @param label what the log says of one
   */
  public <T> List<T> all(Class<T> kind, Function<T, String> label) {
    List<T> all = new ArrayList<>();
    load(all, kind, label, "the server", InstalledPlugins.class.getClassLoader());
    for (PluginFolders.Folder each : folders) {
      load(all, kind, label, each.path().toString(), each.loader());
    }
    return all;
  }

  private static <T> void load(
      List<T> all, Class<T> kind, Function<T, String> label, String place, ClassLoader loader) {
    try {
      for (T plugin : ServiceLoader.load(kind, loader)) {
        log.info("{} ({})", label.apply(plugin), place);
        all.add(plugin);
      }
    } catch (ServiceConfigurationError e) {
      // One broken plug-in is no reason to do without the others.
      log.error("the plug-in in {} cannot be used: {}", place, e.getMessage());
    }
  }
}
