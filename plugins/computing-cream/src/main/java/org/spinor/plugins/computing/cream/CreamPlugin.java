package org.spinor.plugins.computing.cream;

import java.util.List;
import java.util.Optional;
import org.spinor.plugins.grid.SharedServices;
import org.spinor.spi.Credentials;
import org.spinor.spi.Parameter;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

/** Makes computing elements of CREAM: {@code CEType: CREAM}. */
public final class CreamPlugin implements ComputingElementPlugin {
  private final SharedServices<Key, CreamAccount> accounts = new SharedServices<>();

  /**
   * @param credentials empty where they are not asked: the credential comes from a file
   */
  private record Key(CreamSettings.Service service, Optional<Credentials> credentials) {}

  @Override
  public String name() {
    return "CREAM";
  }

  @Override
  public String description() {
    return "Sends pilots to a CREAM computing element; their files go through a web folder.";
  }

  @Override
  public List<Parameter> parameters() {
    return CreamSettings.PARAMETERS;
  }

  @Override
  public ComputingElement create(ComputingElementContext context) {
    CreamSettings settings = CreamSettings.of(context);
    CreamSettings.Service service = settings.service();
    Key key =
        new Key(
            service,
            service.x509().secret().isEmpty()
                ? Optional.empty()
                : Optional.of(context.credentials()));
    SharedServices.Share<CreamAccount> share =
        accounts.share(
            key, () -> new CreamAccount(service, context.credentials(), context.clock()));
    return new CreamElement(context, settings, share.service(), share.release());
  }
}
