package org.spinor.server.provisioning;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.ComputingElementPlugin;

/** The installed plug-ins for computing elements. */
final class Plugins {
  private static final Logger log = LoggerFactory.getLogger(Plugins.class);

  private final List<ComputingElementPlugin> all;

  Plugins(List<ComputingElementPlugin> all) {
    this.all = List.copyOf(all);
  }

  /**
   * Those of the server's class path and of the folders below these two.
   *
   * @param shipped folders that come with the server; one of the same name below the other stands
   *     in for it
   */
  static Plugins installed(Path shipped, Path folder) {
    List<ComputingElementPlugin> all = new ArrayList<>();
    load(all, "the server", Plugins.class.getClassLoader());
    List<PluginFolders.Folder> folders = new ArrayList<>(PluginFolders.of(folder));
    for (PluginFolders.Folder each : PluginFolders.of(shipped)) {
      if (folders.stream().noneMatch(each::hasNameOf)) {
        folders.add(each);
      }
    }
    for (PluginFolders.Folder each : folders) {
      load(all, each.path().toString(), each.loader());
    }
    return new Plugins(all);
  }

  private static void load(List<ComputingElementPlugin> all, String place, ClassLoader loader) {
    try {
      for (ComputingElementPlugin plugin :
          ServiceLoader.load(ComputingElementPlugin.class, loader)) {
        log.info(
            "computing elements of type {}: {} ({})", plugin.name(), plugin.description(), place);
        all.add(plugin);
      }
    } catch (ServiceConfigurationError e) {
      // One broken plug-in is no reason to do without the others.
      log.error("the plug-in in {} cannot be used: {}", place, e.getMessage());
    }
  }

  /**
   * The one of this name.
   *
   * @throws MisconfiguredException there is none, or more than one
   */
  ComputingElementPlugin named(String name) {
    List<ComputingElementPlugin> found =
        all.stream().filter(plugin -> plugin.name().equals(name)).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    TreeSet<String> names = new TreeSet<>();
    all.forEach(plugin -> names.add(plugin.name()));
    throw new MisconfiguredException(
        found.isEmpty()
            ? "no plug-in for computing elements of type '"
                + name
                + "'; installed are "
                + String.join(", ", names)
            : found.size() + " plug-ins call themselves '" + name + "'");
  }
}
