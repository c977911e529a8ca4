package org.spinor.server.identity.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.configuration.Configuration.MachineTokens;
import org.spinor.server.identity.SecretFile;
import org.spinor.server.identity.TokenBroker;

/** A broker with the VO earth, whose provider is a {@link TokenShop}, and a clock to move. */
final class BrokerRoom implements AutoCloseable {
  static final String SECRET = "the-secret-of-the-client";
  static final String CE = "https://ce.example.org:443";
  static final MachineTokens USUAL = tokens("client_secret_basic", "audience");

  final MovingClock clock = new MovingClock();
  final TokenShop shop;
  final Broker broker;
  final Path secrets;
  private final Map<String, IdentityProvider> providers = new ConcurrentHashMap<>();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  static final class MovingClock extends Clock {
    private volatile Instant now = Instant.parse("2050-01-01T12:00:00Z");

    void move(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  /**
   * @param limit for an answer of the provider
   */
  BrokerRoom(Path data, Duration limit) throws IOException {
    shop = new TokenShop(clock::instant);
    secrets = data.resolve("secrets");
    configure("earth", shop.url(), USUAL);
    SecretFile.write(ClientLogin.secretFile(secrets, "earth"), (SECRET + "\n").getBytes(UTF_8));
    broker =
        new Broker(
            vo -> Optional.ofNullable(providers.get(vo)),
            new TokenEndpoint(
                new DefaultResourceRetriever(60_000, 60_000, 1_000_000),
                new ClientLogin(secrets),
                limit),
            clock,
            Duration.ofSeconds(110));
    log.start();
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(log);
  }

  static MachineTokens tokens(String authentication, String audience) {
    return new MachineTokens(
        "client-1", authentication, audience, new TreeMap<>(), Set.of("condor:/READ"), 21_600);
  }

  void configure(String vo, String url, MachineTokens tokens) {
    providers.put(
        vo,
        new IdentityProvider(
            url,
            "login-client",
            List.of("openid"),
            "preferred_username",
            Optional.empty(),
            new TreeMap<>(),
            Optional.of(tokens)));
  }

  static TokenBroker.Order order(String vo, String scope, String audience) {
    return new TokenBroker.Order(
        vo, new TreeSet<>(Arrays.asList(scope.split(" "))), audience, "LCG.Example.org/ce/long");
  }

  TokenBroker.OutsideToken ask() {
    return ask("compute.create compute.read");
  }

  TokenBroker.OutsideToken ask(String scope) {
    return broker.token(order("earth", scope, CE));
  }

  /** Everything that was logged, by anybody, at any level that is on. */
  String logged() {
    StringBuilder all = new StringBuilder();
    for (ILoggingEvent event : List.copyOf(log.list)) {
      all.append(event.getLoggerName()).append(": ").append(event.getFormattedMessage());
      all.append(event.getThrowableProxy() == null ? "" : event.getThrowableProxy().getMessage());
      all.append('\n');
    }
    return all.toString();
  }

  @Override
  public void close() {
    ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAppender(log);
    shop.close();
  }
}
