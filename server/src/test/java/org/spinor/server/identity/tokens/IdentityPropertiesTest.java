package org.spinor.server.identity.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class IdentityPropertiesTest {
  @Test
  void defaultsAreThoseOfTheDocumentation() {
    assertThat(bind(Map.of()))
        .isEqualTo(
            new IdentityProperties(
                "http://localhost:8000",
                "",
                Duration.ofMinutes(20),
                Duration.ofHours(8),
                Duration.ofHours(1),
                Set.of("myDIRACClientID")));
  }

  @Test
  void everySettingCanBeAnEnvironmentVariable() {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                "test-systemEnvironment",
                Map.of(
                    "SPINOR_ISSUER", "https://spinor.example.org",
                    "SPINOR_KEYSTORE", "/etc/spinor/jwks.json",
                    "SPINOR_ACCESSTOKENLIFE", "10m",
                    "SPINOR_REFRESHTOKENLIFE", "1d",
                    "SPINOR_PILOTTOKENLIFE", "30m",
                    "SPINOR_CLIENTS", "a,b")));
    assertThat(Binder.get(environment).bindOrCreate("spinor", IdentityProperties.class))
        .isEqualTo(
            new IdentityProperties(
                "https://spinor.example.org",
                "/etc/spinor/jwks.json",
                Duration.ofMinutes(10),
                Duration.ofDays(1),
                Duration.ofMinutes(30),
                Set.of("a", "b")));
  }

  @Test
  void lifeThatClientsCannotUseIsRefused() {
    for (Map<String, String> wrong :
        List.of(
            Map.of("spinor.access-token-life", "5m"),
            Map.of("spinor.refresh-token-life", "10m"),
            Map.of("spinor.pilot-token-life", "0s"))) {
      assertThatThrownBy(() -> bind(wrong)).hasStackTraceContaining("tokens live at least 6m");
    }
  }

  private static IdentityProperties bind(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(new HashMap<>(values)))
        .bindOrCreate("spinor", IdentityProperties.class);
  }
}
