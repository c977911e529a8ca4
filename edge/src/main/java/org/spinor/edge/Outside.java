package org.spinor.edge;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.spinor.api.ErrorCode;

/**
 * The one server, and the stores that it names. A call that finds nobody there waits and goes again
 * as long as somebody waits for it; few are on their way at the same time, however many wait.
 */
final class Outside implements AutoCloseable {
  /** So many are on their way at the same time. */
  private static final int CALLS = 32;

  private static final int TRANSFERS = 8;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CALL_LIMIT = Duration.ofSeconds(30);
  private static final Duration TRANSFER_LIMIT = Duration.ofMinutes(15);

  /** What a front of the server says when the server itself is not there. */
  private static final Set<Integer> NOBODY_THERE = Set.of(502, 503, 504);

  private final URI server;
  private final HttpClient client;
  private final HttpClient stores;
  private final Gate gate = new Gate();
  private final Semaphore calls = new Semaphore(CALLS, true);
  private final Semaphore transfers = new Semaphore(TRANSFERS, true);
  private final LongAdder sent = new LongAdder();
  private final LongAdder repeated = new LongAdder();

  private Outside(URI server, Optional<InetAddress> self) {
    this.server = server;
    this.stores = client().build();
    this.client = self.map(own -> client().localAddress(own).build()).orElse(stores);
  }

  /**
   * @param server base address without a path
   */
  static Outside of(URI server) {
    return new Outside(server, Optional.empty());
  }

  /**
   * @param self the address under which the server sees the calls
   */
  static Outside of(URI server, InetAddress self) {
    return new Outside(server, Optional.of(self));
  }

  private static HttpClient.Builder client() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(CONNECT_TIMEOUT)
        .followRedirects(HttpClient.Redirect.NEVER)
        .executor(Executors.newVirtualThreadPerTaskExecutor());
  }

  /** The server's address with this path. */
  URI at(String target) {
    String base = server.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + target);
  }

  URI server() {
    return server;
  }

  /** For people: {@code up}, or since when it is away and why. */
  String state() {
    return gate.state();
  }

  /** Requests that got an answer. */
  long sent() {
    return sent.sum();
  }

  /** Requests that went out once more. */
  long repeated() {
    return repeated.sum();
  }

  /**
   * Sends a call to the server until it is answered.
   *
   * @return a refusal of our own where nobody waits any more
   */
  Answer call(Call call, Patience patience) throws InterruptedException {
    HttpRequest.Builder request;
    try {
      request = request(call, at(call.target()));
    } catch (IllegalArgumentException e) {
      return Answer.problem(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()));
    }
    for (int tries = 0; gate.enter(patience); tries++) {
      if (tries > 0) {
        repeated.increment();
      }
      boolean settled = false;
      calls.acquireUninterruptibly();
      try {
        HttpResponse<InputStream> answer =
            client.send(
                request.copy().timeout(limit(patience)).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        if (!NOBODY_THERE.contains(answer.statusCode())) {
          gate.passed();
          settled = true;
          sent.increment();
          return answer(answer);
        }
        answer.body().close();
        gate.failed("it answers " + answer.statusCode());
        settled = true;
      } catch (IOException e) {
        gate.failed(String.valueOf(e));
        settled = true;
      } finally {
        calls.release();
        if (!settled) {
          gate.failed("the way there is broken"); // others must not wait for us
        }
      }
    }
    return Answer.problem(
        ErrorCode.UNAVAILABLE, "the edge does not reach " + server + ": " + gate.state());
  }

  /** Nobody is answered who has gone. */
  private static Duration limit(Patience patience) {
    Duration left = patience.left();
    Duration least = left.compareTo(CALL_LIMIT) < 0 ? left : CALL_LIMIT;
    return least.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : least;
  }

  /**
   * Fetches from or sends to a store, once: whoever wants it asks for a new address after a
   * failure.
   *
   * @param place as the server named it
   */
  Answer transfer(Call call, URI place) throws InterruptedException {
    Call bare = new Call(call.method(), call.target(), withoutToken(call), call.body());
    transfers.acquire();
    try {
      Answer answer =
          answer(
              stores.send(
                  request(bare, place).timeout(TRANSFER_LIMIT).build(),
                  HttpResponse.BodyHandlers.ofInputStream()));
      sent.increment();
      return answer;
    } catch (IOException e) {
      return Answer.problem(
          ErrorCode.EXTERNAL,
          "the edge does not reach "
              + place.getScheme()
              + "://"
              + place.getRawAuthority()
              + ": "
              + e);
    } finally {
      transfers.release();
    }
  }

  /** A store knows who comes by the address: nobody's token is its business. */
  private static Map<String, String> withoutToken(Call call) {
    Map<String, String> headers = new LinkedHashMap<>(call.headers());
    headers.remove("Authorization");
    return headers;
  }

  private static HttpRequest.Builder request(Call call, URI address) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).method(call.method(), call.body().publisher());
    call.headers().forEach(request::header);
    return request;
  }

  private static Answer answer(HttpResponse<InputStream> answer) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : Answer.PASSED) {
      answer.headers().firstValue(name).ifPresent(value -> headers.put(name, value));
    }
    long length =
        answer.statusCode() == 204
            ? 0
            : answer.headers().firstValueAsLong("Content-Length").orElse(-1);
    return new Answer(answer.statusCode(), headers, length, answer.body());
  }

  @Override
  public void close() {
    client.shutdownNow();
    stores.shutdownNow();
  }
}
