package org.spinor.server.provisioning;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.DataFolder;
import org.spinor.server.pilots.Pilots;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameters;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

/**
 * The computing elements in use: opened when first needed, anew when their configuration changes.
 */
final class Elements implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Elements.class);

  private record Open(String fingerprint, ComputingElement element) {}

  private final Plugins plugins;
  private final DataFolder data;
  private final Clock clock;
  private final Duration timeLimit;
  private final Map<Pilots.Queue, Open> open = new ConcurrentHashMap<>();

  Elements(Plugins plugins, DataFolder data, Clock clock, Duration timeLimit) {
    this.plugins = plugins;
    this.data = data;
    this.clock = clock;
    this.timeLimit = timeLimit;
  }

  static Pilots.Queue key(Configuration.Queue queue) {
    return new Pilots.Queue(queue.site(), queue.ce(), queue.name());
  }

  /** Differs where the element would be another one. */
  static String fingerprint(Configuration.Queue queue) {
    int parameters = new TreeMap<>(queue.parameters()).hashCode();
    int shape =
        List.of(
                queue.ceType(),
                queue.cores(),
                queue.memoryMb(),
                queue.gpus(),
                queue.wholeNode(),
                queue.cpuTime())
            .hashCode();
    return HexFormat.of().toHexDigits(parameters) + HexFormat.of().toHexDigits(shape);
  }

  /**
   * The element of a queue.
   *
   * @throws MisconfiguredException no plug-in of its type, or wrong parameters
   */
  ComputingElement of(Configuration.Queue queue) {
    String fingerprint = fingerprint(queue);
    return open.compute(
            key(queue),
            (key, last) -> {
              if (last != null && last.fingerprint().equals(fingerprint)) {
                return last;
              }
              Open fresh = new Open(fingerprint, create(queue, UnaryOperator.identity()));
              if (last != null) {
                close(key, last);
              }
              return fresh;
            })
        .element();
  }

  /**
   * Another element in front of the same queue, for whoever tests it; to be closed by the caller.
   *
   * @param credentials told of everything that the plug-in asks for
   * @throws MisconfiguredException no plug-in of its type, or wrong parameters
   */
  ComputingElement another(Configuration.Queue queue, UnaryOperator<Credentials> credentials) {
    return create(queue, credentials);
  }

  private ComputingElement create(
      Configuration.Queue queue, UnaryOperator<Credentials> credentials) {
    ComputingElementPlugin plugin = plugins.named(queue.ceType());
    List<String> problems = Parameters.problems(plugin.parameters(), queue.parameters());
    if (!problems.isEmpty()) {
      throw new MisconfiguredException(String.join("; ", problems));
    }
    Path state = data.folder(plugin.name().toLowerCase(Locale.ROOT) + "-ce");
    return plugin.create(
        new ComputingElementContext(
            queue.site(),
            queue.ce(),
            queue.name(),
            queue.parameters(),
            credentials.apply(Credentials.none()),
            state,
            timeLimit,
            clock));
  }

  private static void close(Pilots.Queue queue, Open element) {
    try {
      element.element().close();
    } catch (RuntimeException e) {
      log.warn("{} does not close: {}", queue, e.getMessage());
    }
  }

  @Override
  public void close() {
    open.forEach(Elements::close);
    open.clear();
  }
}
