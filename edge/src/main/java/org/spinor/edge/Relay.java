package org.spinor.edge;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.spinor.api.ErrorCode;
import org.spinor.client.Json;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers the requests of pilots, however they came here. */
final class Relay {
  /** The answer that names a place is a small one. */
  private static final int LARGEST_PLACE = 256 * 1024;

  private final Outside outside;
  private final Addresses addresses;
  private final StartFiles files;
  private final AtomicInteger inHand = new AtomicInteger();
  private final LongAdder refused = new LongAdder();

  Relay(Outside outside, Addresses addresses, StartFiles files) {
    this.outside = outside;
    this.addresses = addresses;
    this.files = files;
  }

  /**
   * Adds what it does and has done, by names for people and programs.
   *
   * @param inSpool requests that wait there
   */
  void count(Map<String, Object> facts, int inSpool) {
    facts.put("in_hand", inHand.get());
    facts.put("in_spool", inSpool);
    facts.put("relayed", outside.sent());
    facts.put("repeated", outside.repeated());
    facts.put("refused", refused.sum());
  }

  /** The answer to a request; to be closed by the caller, who reads it in time. */
  Answer answer(Call call, Patience patience) throws InterruptedException {
    Optional<Rules.Kind> kind = Rules.of(call.method(), call.target());
    if (kind.isEmpty()) {
      refused.increment();
      return Answer.problem(
          ErrorCode.FORBIDDEN,
          "the edge passes on what pilots ask of their server, and nothing else: not "
              + call.method()
              + " "
              + call.target().split("\\?", 2)[0]);
    }
    inHand.incrementAndGet();
    try {
      return switch (kind.get()) {
        case CALL -> outside.call(call, patience);
        case PLACE -> place(outside.call(call, patience));
        case STORE -> store(call);
        case FILE -> files.answer(call.target(), patience);
      };
    } finally {
      inHand.decrementAndGet();
    }
  }

  private Answer store(Call call) throws InterruptedException {
    Optional<URI> place = addresses.open(call.target());
    if (place.isEmpty()) {
      refused.increment();
      return Answer.problem(ErrorCode.FORBIDDEN, "no server gave the edge this address");
    }
    return outside.transfer(call, place.get());
  }

  /** Puts our address into the answer instead of the store's. */
  private Answer place(Answer answer) {
    if (answer.status() != 200) {
      return answer;
    }
    try (answer) {
      byte[] body = answer.body().readNBytes(LARGEST_PLACE);
      JsonNode tree = Json.tree(new String(body, StandardCharsets.UTF_8));
      if (tree instanceof ObjectNode object && object.path("url").isString()) {
        URI place = outside.at("/").resolve(object.path("url").stringValue());
        object.put("url", addresses.hide(place));
        body = Json.write(object).getBytes(StandardCharsets.UTF_8);
      }
      return Answer.of(200, answer.headers(), body);
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      return Answer.problem(ErrorCode.EXTERNAL, "the server's answer is not understood: " + e);
    }
  }

  /** How long an answer may take to be read. */
  static Duration readingLimit() {
    return Duration.ofMinutes(15);
  }
}
