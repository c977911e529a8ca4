package org.spinor.server.web;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the server talks HTTP.
 *
 * @param maxRequestSize largest body of a request that is no upload; 413 above
 * @param corsOrigins web pages of these origins may call
 * @param trustedProxies addresses and networks (as {@code 10.1.0.0/16}) of proxies whose {@code
 *     X-Forwarded-*} headers are believed ({@code SPINOR_TRUSTEDPROXIES}, commas between); empty:
 *     nobody's
 */
@ConfigurationProperties("spinor")
record WebProperties(
    @DefaultValue("128MB") DataSize maxRequestSize,
    @DefaultValue({
          "http://localhost:8000",
          "https://localhost:8000",
          "http://localhost:3000",
          "https://localhost:3000"
        })
        List<String> corsOrigins,
    @DefaultValue({"127.0.0.0/8", "::1"}) List<String> trustedProxies) {
  WebProperties {
    corsOrigins = List.copyOf(corsOrigins);
    trustedProxies = List.copyOf(trustedProxies);
  }
}
