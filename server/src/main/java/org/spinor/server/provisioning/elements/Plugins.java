package org.spinor.server.provisioning.elements;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.spinor.server.provisioning.InstalledPlugins;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.ComputingElementPlugin;

/** The installed plug-ins for computing elements. */
final class Plugins {
  private final List<ComputingElementPlugin> all;

  Plugins(List<ComputingElementPlugin> all) {
    this.all = List.copyOf(all);
  }

  /** Those of the server's class path and of the folders below these two. */
  static Plugins installed(Path shipped, Path folder) {
    return of(InstalledPlugins.below(shipped, folder));
  }

  static Plugins of(InstalledPlugins installed) {
    return new Plugins(
        installed.all(
            ComputingElementPlugin.class,
            plugin ->
                "computing elements of type %s: %s"
                    .formatted(plugin.name(), plugin.description())));
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
