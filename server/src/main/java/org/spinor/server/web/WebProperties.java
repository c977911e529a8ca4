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
        List<String> corsOrigins) {
  WebProperties {
    corsOrigins = List.copyOf(corsOrigins);
  }
}
