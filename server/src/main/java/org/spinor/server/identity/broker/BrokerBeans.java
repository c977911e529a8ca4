package org.spinor.server.identity.broker;

import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.DataFolder;
import org.spinor.server.identity.OperatorSecrets;
import org.spinor.server.identity.TokenBroker;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what elements outside are opened with. */
@Configuration(proxyBeanMethods = false)
class BrokerBeans {
  private static final int MAX_BYTES = 1_000_000;

  @Bean
  TokenBroker tokenBroker(Configurations configurations, DataFolder data, Clock clock) {
    return broker(
        vo ->
            Optional.ofNullable(configurations.current().registry().get(vo))
                .flatMap(Vo::identityProvider),
        data.path(),
        clock);
  }

  static Broker broker(
      Function<String, Optional<IdentityProvider>> providers, Path data, Clock clock) {
    Duration limit = Duration.ofSeconds(10);
    TokenEndpoint endpoint =
        new TokenEndpoint(
            new DefaultResourceRetriever(5_000, 10_000, MAX_BYTES),
            new ClientLogin(data.resolve("secrets")),
            limit);
    return new Broker(providers, endpoint, clock, limit.multipliedBy(3));
  }

  @Bean
  OperatorSecrets operatorSecrets(DataFolder data) {
    return new OperatorSecrets(data.path());
  }
}
