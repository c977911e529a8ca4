package org.spinor.pilot.fake;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.client.Json;
import tools.jackson.databind.JsonNode;

/** A request as the fake's parts see it. */
final class Request {
  private final HttpExchange exchange;
  private final byte[] body;

  Request(HttpExchange exchange, byte[] body) {
    this.exchange = exchange;
    this.body = body;
  }

  String method() {
    return exchange.getRequestMethod();
  }

  String path() {
    return exchange.getRequestURI().getPath();
  }

  /** The path's part between slashes, from 0. */
  String part(int index) {
    return path().substring(1).split("/")[index];
  }

  String query(String name) {
    for (String pair : exchange.getRequestURI().getRawQuery().split("&")) {
      if (pair.startsWith(name + "=")) {
        return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
      }
    }
    throw new SpinorException(ErrorCode.UNPROCESSABLE, "no parameter " + name);
  }

  String header(String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  byte[] body() {
    return body;
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  JsonNode tree() {
    return Json.tree(text());
  }

  <T> T as(Class<T> type) {
    return Json.read(text(), type);
  }

  /** The bearer token. */
  String token() {
    String authorization = header("Authorization");
    if (!authorization.startsWith("Bearer ")) {
      throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "no token");
    }
    return authorization.substring("Bearer ".length());
  }
}
