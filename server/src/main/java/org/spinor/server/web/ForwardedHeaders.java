package org.spinor.server.web;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.util.NetMaskSet;
import org.apache.catalina.valves.RemoteIpValve;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/**
 * Takes what proxies say of the client (address, scheme, host, port) for true, if they are those
 * that the operator trusts; says once if another one tries.
 */
final class ForwardedHeaders extends RemoteIpValve {
  private static final Logger log = LoggerFactory.getLogger(ForwardedHeaders.class);
  private static final String CLIENT = "X-Forwarded-For";

  private final NetMaskSet trusted;
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * @param proxies addresses, and networks as {@code 10.1.0.0/16}
   * @throws SpinorException with everything that is neither
   */
  ForwardedHeaders(List<String> proxies) {
    trusted = networks(proxies);
    if (!proxies.isEmpty()) {
      setInternalProxies(String.join(",", proxies));
    }
    setRemoteIpHeader(CLIENT);
    setProtocolHeader("X-Forwarded-Proto");
    setHostHeader("X-Forwarded-Host");
    setPortHeader("X-Forwarded-Port");
  }

  private static NetMaskSet networks(List<String> proxies) {
    NetMaskSet networks = new NetMaskSet();
    List<String> problems =
        proxies.stream().flatMap(proxy -> networks.addAll(proxy).stream()).toList();
    if (!problems.isEmpty()) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID,
          "trusted-proxies: expected addresses, or networks as 10.1.0.0/16 or fd00::/8",
          problems);
    }
    return networks;
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    if (trusted.contains(request.getRemoteAddr())) {
      super.invoke(request, response);
      return;
    }
    if (request.getHeader(CLIENT) != null && told.compareAndSet(false, true)) {
      log.warn(
          "forwarded headers from {} are not believed; if it is your proxy, add it to"
              + " SPINOR_TRUSTEDPROXIES. Said once",
          request.getRemoteAddr());
    }
    getNext().invoke(request, response);
  }
}
