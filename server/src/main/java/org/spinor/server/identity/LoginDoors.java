package org.spinor.server.identity;

import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.configuration.Configurations;
import org.springframework.stereotype.Component;

/** Where the user of a VO proves who they are: at its identity provider, or here. */
@Component
final class LoginDoors {
  private final Configurations configurations;

  LoginDoors(Configurations configurations) {
    this.configurations = configurations;
  }

  /**
   * Where to send a browser that begins a login.
   *
   * @param base address of this server as the browser sees it
   */
  String address(LoginFlow flow, String base) {
    Scope scope = Scope.parse(flow.scope(), configurations.current());
    Vo vo = configurations.current().registry().get(scope.vo());
    if (vo != null && vo.idpUrl() != null) {
      throw new SpinorException(
          ErrorCode.UNAVAILABLE,
          "Logins through the identity provider of " + vo.name() + " are not open");
    }
    return base + "/api/auth/login?flow=" + flow.id();
  }
}
