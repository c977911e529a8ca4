package org.spinor.edge;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.spinor.api.ErrorCode;
import org.spinor.client.Json;

/**
 * What a pilot gets.
 *
 * @param headers those that are passed on, as in {@link #PASSED}
 * @param length of the body; -1: not known
 */
record Answer(int status, Map<String, String> headers, long length, InputStream body)
    implements AutoCloseable {
  /** Headers of answers that go on to pilots; all others stay here. */
  static final List<String> PASSED = List.of("Content-Type", "Date", "Retry-After");

  Answer {
    headers = Map.copyOf(headers);
  }

  static Answer of(int status, Map<String, String> headers, byte[] body) {
    return new Answer(status, headers, body.length, new ByteArrayInputStream(body));
  }

  /** A refusal by the edge itself, in the form of the server's. */
  static Answer problem(ErrorCode code, String text) {
    String json = Json.write(Map.of("code", code.name(), "detail", text));
    return of(
        code.httpStatus(),
        Map.of("Content-Type", "application/problem+json"),
        json.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      body.close();
    } catch (IOException e) {
      // what was to be read was read
    }
  }
}
