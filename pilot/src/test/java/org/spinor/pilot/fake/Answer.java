package org.spinor.pilot.fake;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.spinor.api.ErrorCode;
import org.spinor.client.Json;

/** What the fake says to a request. */
final class Answer {
  private final int status;
  private final byte[] body;

  private Answer(int status, byte[] body) {
    this.status = status;
    this.body = body;
  }

  static Answer json(Object value) {
    return new Answer(200, Json.write(value).getBytes(StandardCharsets.UTF_8));
  }

  static Answer bytes(byte[] bytes) {
    return new Answer(200, bytes);
  }

  static Answer nothing() {
    return new Answer(204, new byte[0]);
  }

  static Answer problem(ErrorCode code, String detail) {
    return problem(code, detail, Map.of());
  }

  static Answer problem(ErrorCode code, String detail, Map<String, Object> more) {
    Map<String, Object> body = new java.util.HashMap<>(more);
    body.put("detail", detail);
    body.put("code", code.name());
    return new Answer(code.httpStatus(), Json.write(body).getBytes(StandardCharsets.UTF_8));
  }

  int status() {
    return status;
  }

  byte[] body() {
    return body;
  }
}
