package org.spinor.server.identity.logins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class LoginPropertiesTest {
  private static final String HASH = "0123456789abcdef".repeat(4);

  @Test
  void defaultsLetInNobodyElse() {
    LoginProperties properties = bind(Map.of());
    assertThat(properties).isEqualTo(new LoginProperties(Set.of(), ""));
    assertThat(properties.redirects("https://spinor.example.org"))
        .containsExactly("https://spinor.example.org/#authentication-callback");
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
                    "SPINOR_REDIRECTS",
                    "http://localhost:3000/#authentication-callback,https://a.example.org/b?c=d",
                    "SPINOR_LEGACYEXCHANGEKEYHASH",
                    HASH)));
    LoginProperties properties =
        Binder.get(environment).bindOrCreate("spinor", LoginProperties.class);
    assertThat(properties)
        .isEqualTo(
            new LoginProperties(
                Set.of(
                    "http://localhost:3000/#authentication-callback",
                    "https://a.example.org/b?c=d"),
                HASH));
    assertThat(properties.toString()).doesNotContain(HASH);
  }

  @Test
  void whatIsNoAddressAndNoHashIsRefused() {
    for (String wrong : List.of("*", "/callback", "javascript:alert(1)", "https://a b")) {
      assertThatThrownBy(() -> bind(Map.of("spinor.redirects", wrong)))
          .hasStackTraceContaining("redirects: expected addresses");
    }
    for (String wrong : List.of("x", HASH.toUpperCase(java.util.Locale.ROOT), HASH + "0")) {
      assertThatThrownBy(() -> bind(Map.of("spinor.legacy-exchange-key-hash", wrong)))
          .hasStackTraceContaining("64 hexadecimal digits");
    }
  }

  private static LoginProperties bind(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(new HashMap<>(values)))
        .bindOrCreate("spinor", LoginProperties.class);
  }
}
