package org.spinor.edge.spool;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.spi.computing.SiteFolder;
import org.spinor.spi.testkit.SiteFolderContract;

/** A folder of this host keeps to the contract. */
class LocalFolderTest extends SiteFolderContract {
  @TempDir Path temporary;

  @Override
  protected SiteFolder open() {
    return new LocalFolder(temporary.resolve("folder"));
  }
}
