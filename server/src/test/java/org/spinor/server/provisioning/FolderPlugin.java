package org.spinor.server.provisioning;

import java.nio.file.Path;
import java.util.List;
import org.spinor.edge.spool.LocalFolder;
import org.spinor.spi.Parameter;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.SiteFolder;
import org.spinor.spi.computing.SiteFolderPlugin;
import org.spinor.spi.testkit.InMemoryBackEnd;

/** Elements in memory at a site whose folders are those of this host. */
final class FolderPlugin implements SiteFolderPlugin {
  private final InMemoryBackEnd backEnd = new InMemoryBackEnd();

  @Override
  public String name() {
    return "Folders";
  }

  @Override
  public String description() {
    return "Opens folders of this host.";
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(Parameter.number("Port", 443, "", "Where it listens."));
  }

  @Override
  public boolean servesAllVos() {
    return true;
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    return backEnd.element();
  }

  @Override
  public SiteFolder folder(ComputingElementContext context, String path) {
    return new LocalFolder(Path.of(path));
  }
}
