package org.spinor.plugins.computing.arc;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;

/** The services in use: queues of one service share connections where they are the same account. */
final class ArcServices {
  private final Map<Key, Used> used = new HashMap<>();

  /**
   * @param credentials empty where they are not asked: everything comes from files
   */
  private record Key(ArcSettings.Service settings, Optional<Credentials> credentials) {}

  private static final class Used {
    private final ArcService service;
    private int elements;

    Used(ArcService service) {
      this.service = service;
    }
  }

  ComputingElement element(ComputingElementContext context) {
    ArcSettings settings = ArcSettings.of(context);
    ArcSettings.Service service = settings.service();
    boolean files =
        !service.token()
            && service.delegation() != ArcSettings.Delegation.TOKEN
            && service.x509().map(x509 -> x509.secret().isEmpty()).orElse(true);
    Key key = new Key(service, files ? Optional.empty() : Optional.of(context.credentials()));
    AtomicBoolean closed = new AtomicBoolean();
    return new ArcElement(
        context,
        settings,
        acquire(key, context),
        () -> {
          if (!closed.getAndSet(true)) {
            release(key);
          }
        });
  }

  private synchronized ArcService acquire(Key key, ComputingElementContext context) {
    Used one =
        used.computeIfAbsent(
            key,
            any ->
                new Used(new ArcService(key.settings(), context.credentials(), context.clock())));
    one.elements++;
    return one.service;
  }

  private synchronized void release(Key key) {
    Used one = used.get(key);
    if (one != null && --one.elements == 0) {
      used.remove(key);
      one.service.close();
    }
  }
}
