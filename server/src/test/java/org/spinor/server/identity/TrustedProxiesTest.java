package org.spinor.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.server.identity.Slice.Answer;

/** What anybody may write into X-Forwarded-* counts for nothing, unless a trusted proxy did. */
class TrustedProxiesTest {
  @TempDir private Path data;

  @Test
  void headersOfStrangersChangeNeitherAddressesNorLimits() throws Exception {
    try (Slice server = new Slice(data, Map.of("spinor.trusted-proxies", "192.0.2.0/24,fd00::1"))) {
      Answer answer =
          server.send(
              server
                  .request("/.well-known/openid-configuration")
                  .header("X-Forwarded-Proto", "https")
                  .header("X-Forwarded-For", "203.0.113.9")
                  .header("X-Forwarded-Host", "evil.example.org"));
      assertThat(answer.json().path("token_endpoint").asString())
          .isEqualTo(server.base() + "/api/auth/token");
      assertThat(answer.header("Strict-Transport-Security")).isEmpty();
      for (int i = 0; i < 20; i++) {
        assertThat(wrongCode(server, "203.0.113." + i)).isEqualTo(400);
      }
      assertThat(wrongCode(server, "203.0.113.99")).isEqualTo(429);
    }
  }

  @Test
  void headersOfATrustedProxyTellWhoAsks() throws Exception {
    try (Slice server = new Slice(data)) {
      for (int i = 0; i < 20; i++) {
        assertThat(wrongCode(server, "203.0.113.1")).isEqualTo(400);
      }
      assertThat(wrongCode(server, "203.0.113.1")).isEqualTo(429);
      assertThat(wrongCode(server, "203.0.113.2")).isEqualTo(400);
      // what the client wrote itself stands before what the proxy added
      assertThat(wrongCode(server, "198.51.100.1, 203.0.113.1")).isEqualTo(429);
    }
  }

  @Test
  void everythingThatIsNoNetworkIsNamedAtTheStart() {
    assertThatThrownBy(
            () -> new Slice(data, Map.of("spinor.trusted-proxies", "10.0.0.0/99,proxy1,::1")))
        .rootCause()
        .hasMessageContaining("trusted-proxies");
  }

  private static int wrongCode(Slice server, String client) throws Exception {
    return server
        .send(
            server.request("/api/auth/device?user_code=BCDFGHJK").header("X-Forwarded-For", client))
        .status();
  }
}
