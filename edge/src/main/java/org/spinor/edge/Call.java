package org.spinor.edge;

import java.util.List;
import java.util.Map;

/**
 * A request of a pilot.
 *
 * @param target path and query, encoded
 * @param headers those that are passed on, by names as in {@link #PASSED}
 */
record Call(String method, String target, Map<String, String> headers, Body body) {
  /** Headers of requests that go out; all others stay here. */
  static final List<String> PASSED = List.of("Authorization", "Content-Type", "Accept");

  Call {
    headers = Map.copyOf(headers);
  }
}
