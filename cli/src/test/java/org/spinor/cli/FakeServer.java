package org.spinor.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A server that answers what the test says, and remembers what it was asked. */
public final class FakeServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Handler> routes = new ConcurrentHashMap<>();
  private volatile Handler otherwise = _ -> new Answer(404, "{\"detail\":\"Not Found\"}", Map.of());
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

  public FakeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Answers a route, given as {@code GET /api/sites}, query left out. */
  public FakeServer on(String route, Handler handler) {
    routes.put(route, handler);
    return this;
  }

  public FakeServer on(String route, int status, String body) {
    return on(route, _ -> new Answer(status, latin(body), Map.of()));
  }

  /** Answers what no route is for. */
  public FakeServer otherwise(Handler handler) {
    otherwise = handler;
    return this;
  }

  public URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    Request request =
        new Request(
            exchange.getRequestMethod(),
            uri.getPath(),
            uri.getRawQuery(),
            exchange.getRequestHeaders().getFirst("Authorization"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
    requests.add(request);
    Handler handler = routes.get(request.method() + " " + request.path());
    Answer answer = (handler == null ? otherwise : handler).answer(request);
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    byte[] body = answer.body().getBytes(StandardCharsets.ISO_8859_1);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.close();
  }

  /** Makes an answer. */
  public interface Handler {
    Answer answer(Request request);
  }

  /**
   * @param body the bytes, one letter each (Latin-1)
   */
  public record Request(
      String method,
      String path,
      @Nullable String query,
      @Nullable String authorization,
      String body) {
    public String text() {
      return new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
  }

  /**
   * @param body the bytes, one letter each (Latin-1)
   */
  public record Answer(int status, String body, Map<String, String> headers) {}

  /** Text as the letters of its UTF-8 bytes. */
  public static String latin(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }
}
