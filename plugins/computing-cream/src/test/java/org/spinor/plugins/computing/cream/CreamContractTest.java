package org.spinor.plugins.computing.cream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.testkit.ComputingElementContract;

/** Each element is of a plug-in of its own, as in front of several servers. */
class CreamContractTest extends ComputingElementContract {
  private final Setting setting;

  CreamContractTest(@TempDir Path folder) {
    setting = new Setting(folder);
  }

  @Override
  protected ComputingElement open() {
    return setting.open();
  }

  @Override
  protected int startsOf(String stamp) {
    return setting.standIn().startsOf(stamp);
  }

  @AfterEach
  void nothingWasWrong() {
    List<String> wrong = new ArrayList<>(setting.standIn().wrong());
    setting.close();
    assertThat(wrong).isEmpty();
  }
}
