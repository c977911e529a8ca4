package org.spinor.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.spinor.server.AdminCommand;

class AdminCommandsTest {

  @Test
  void commandsAreFoundByTheServer() {
    List<String> names = new ArrayList<>();
    ServiceLoader.load(AdminCommand.class).forEach(command -> names.add(command.name()));
    assertThat(names).contains("token", "account", "access", "keys");
  }
}
