package org.spinor.server.identity.tokens;

import java.time.Clock;
import org.spinor.server.database.DataFolder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the keys, and what makes and reads tokens with them. */
@Configuration(proxyBeanMethods = false)
class TokenBeans {
  @Bean
  Keys signingKeys(DataFolder data, IdentityProperties properties, Clock clock) {
    return KeyRing.loadOrCreate(KeyFile.of(data.path(), properties.keystore()), clock.instant());
  }

  @Bean
  Tokens tokens(Keys keys, IdentityProperties properties, Clock clock) {
    return new Tokens(keys, properties.issuer(), clock);
  }

  @Bean
  TokenReader tokenReader(Keys keys, IdentityProperties properties, Clock clock) {
    return new TokenReader(keys, properties.issuer(), clock);
  }
}
