package org.spinor.plugins.computing.arc;

import java.util.Optional;
import org.spinor.plugins.grid.SharedServices;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;

/** The services in use: queues of one service share connections where they are the same account. */
final class ArcServices {
  private final SharedServices<Key, ArcService> services = new SharedServices<>();

  /**
   * @param credentials empty where they are not asked: everything comes from files
   */
  private record Key(ArcSettings.Service settings, Optional<Credentials> credentials) {}

  ComputingElement element(ComputingElementContext context) {
    ArcSettings settings = ArcSettings.of(context);
    ArcSettings.Service service = settings.service();
    boolean files =
        !service.token()
            && service.delegation() != ArcSettings.Delegation.TOKEN
            && service.x509().map(x509 -> x509.secret().isEmpty()).orElse(true);
    Key key = new Key(service, files ? Optional.empty() : Optional.of(context.credentials()));
    SharedServices.Share<ArcService> share =
        services.share(key, () -> new ArcService(service, context.credentials(), context.clock()));
    return new ArcElement(context, settings, share.service(), share.release());
  }
}
