package org.spinor.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A bad network between pilots and server: requests arrive twice, late, or their answers are lost
 * on the way back. Seeded, so that a run can be repeated.
 */
final class LossyProxy implements AutoCloseable {
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "connection", "content-length", "host", "transfer-encoding", "upgrade", "http2-settings");
  private final HttpServer proxy;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Random random = new Random(20261121);
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private volatile @Nullable URI server;

  LossyProxy() {
    try {
      proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    proxy.createContext("/", this::handle);
    proxy.setExecutor(threads);
    proxy.start();
  }

  String url() {
    return "http://localhost:" + proxy.getAddress().getPort();
  }

  void forwardTo(URI target) {
    this.server = target;
  }

  int lostAnswers() {
    return lost.get();
  }

  int repeatedRequests() {
    return repeated.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI target = server;
      if (target == null) {
        return;
      }
      byte[] body = exchange.getRequestBody().readAllBytes();
      boolean bundle = exchange.getRequestURI().getPath().startsWith("/pilot/");
      double fate = bundle ? 1 : next();
      HttpRequest request = request(exchange, target, body);
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (fate < 0.15) {
        repeated.incrementAndGet();
        answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      } else if (fate < 0.3) {
        lost.incrementAndGet();
        return;
      } else if (fate < 0.4) {
        Thread.sleep(1500);
      }
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                  values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
              });
      exchange.sendResponseHeaders(
          answer.statusCode(), answer.body().length == 0 ? -1 : answer.body().length);
      if (answer.body().length > 0) {
        exchange.getResponseBody().write(answer.body());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized double next() {
    return random.nextDouble();
  }

  private static HttpRequest request(HttpExchange exchange, URI target, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.resolve(exchange.getRequestURI().toString()))
            .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return request.build();
  }

  @Override
  public void close() {
    proxy.stop(0);
    threads.shutdownNow();
    http.close();
  }
}
