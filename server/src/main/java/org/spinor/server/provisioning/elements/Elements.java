package org.spinor.server.provisioning.elements;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.database.DataFolder;
import org.spinor.server.identity.OperatorSecrets;
import org.spinor.server.identity.TokenBroker;
import org.spinor.server.pilots.Pilots;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;
import org.spinor.spi.computing.SiteFolder;
import org.spinor.spi.computing.SiteFolderPlugin;

/**
 * The computing elements in use: opened when first needed, anew when their configuration changes.
 * One for each queue and VO, but where the plug-in serves all VOs by one.
 */
public final class Elements implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Elements.class);

  private record Open(String fingerprint, ComputingElement element) {}

  /**
   * @param vo empty: all of them
   */
  private record Key(Pilots.Queue queue, Optional<String> vo) {}

  private final Plugins plugins;
  private final TokenBroker broker;
  private final OperatorSecrets secrets;
  private final DataFolder data;
  private final Clock clock;
  private final Duration timeLimit;
  private final Map<Key, Open> open = new ConcurrentHashMap<>();

  Elements(
      Plugins plugins,
      TokenBroker broker,
      OperatorSecrets secrets,
      DataFolder data,
      Clock clock,
      Duration timeLimit) {
    this.plugins = plugins;
    this.broker = broker;
    this.secrets = secrets;
    this.data = data;
    this.clock = clock;
    this.timeLimit = timeLimit;
  }

  public static Pilots.Queue key(Configuration.Queue queue) {
    return new Pilots.Queue(queue.site(), queue.ce(), queue.name());
  }

  /** Differs where the element would be another one. */
  public static String fingerprint(Configuration.Queue queue) {
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
   * Whose element pilots of this VO go to; empty: one that serves all VOs.
   *
   * @throws MisconfiguredException no plug-in of the queue's type
   */
  public Optional<String> lane(Configuration.Queue queue, String vo) {
    return plugins.named(queue.ceType()).servesAllVos() ? Optional.empty() : Optional.of(vo);
  }

  /**
   * The element of a queue.
   *
   * @param lane the VO whose pilots it takes; empty: all
   * @throws MisconfiguredException no plug-in of its type, or wrong parameters
   */
  public ComputingElement of(Configuration.Queue queue, Optional<String> lane) {
    String fingerprint = fingerprint(queue);
    return open.compute(
            new Key(key(queue), lane),
            (key, last) -> {
              if (last != null && last.fingerprint().equals(fingerprint)) {
                return last;
              }
              Open fresh = new Open(fingerprint, create(queue, lane, UnaryOperator.identity()));
              if (last != null) {
                close(key, last);
              }
              return fresh;
            })
        .element();
  }

  /**
   * The element that takes pilots of this VO.
   *
   * @throws MisconfiguredException no plug-in of its type, or wrong parameters
   */
  public ComputingElement of(Configuration.Queue queue, String vo) {
    return of(queue, lane(queue, vo));
  }

  /**
   * Another element in front of the same queue, for whoever tests it; to be closed by the caller.
   *
   * @param vo whose pilots it takes
   * @param credentials told of everything that the plug-in asks for
   * @throws MisconfiguredException no plug-in of its type, or wrong parameters
   */
  public ComputingElement another(
      Configuration.Queue queue, String vo, UnaryOperator<Credentials> credentials) {
    return create(queue, lane(queue, vo), credentials);
  }

  private ComputingElement create(
      Configuration.Queue queue, Optional<String> lane, UnaryOperator<Credentials> credentials) {
    ComputingElementPlugin plugin = plugins.named(queue.ceType());
    List<String> problems = PilotParameters.problems(plugin, queue);
    if (!problems.isEmpty()) {
      throw new MisconfiguredException(String.join("; ", problems));
    }
    return plugin.create(context(plugin, queue, lane, credentials));
  }

  /**
   * A folder of the site, which nodes see too; to be closed by the caller.
   *
   * @param path absolute
   * @throws MisconfiguredException the plug-in opens none, or wrong parameters
   */
  public SiteFolder folder(Configuration.Queue queue, String path) {
    ComputingElementPlugin plugin = plugins.named(queue.ceType());
    List<String> problems = PilotParameters.problems(plugin, queue);
    if (!problems.isEmpty() || !(plugin instanceof SiteFolderPlugin folders)) {
      throw new MisconfiguredException(String.join("; ", problems));
    }
    Optional<String> lane =
        plugin.servesAllVos() ? Optional.empty() : queue.vos().stream().findFirst();
    return folders.folder(context(plugin, queue, lane, UnaryOperator.identity()), path);
  }

  private ComputingElementContext context(
      ComputingElementPlugin plugin,
      Configuration.Queue queue,
      Optional<String> lane,
      UnaryOperator<Credentials> credentials) {
    Path state = data.folder(plugin.name().toLowerCase(Locale.ROOT) + "-ce");
    return new ComputingElementContext(
        queue.site(),
        queue.ce(),
        queue.name(),
        PilotParameters.ofPlugin(queue),
        credentials.apply(new ElementCredentials(broker, secrets, key(queue), lane)),
        state,
        timeLimit,
        clock);
  }

  private static void close(Key key, Open element) {
    try {
      element.element().close();
    } catch (RuntimeException e) {
      log.warn("{} does not close: {}", key, e.getMessage());
    }
  }

  @Override
  public void close() {
    open.forEach(Elements::close);
    open.clear();
  }
}
