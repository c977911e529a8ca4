package org.spinor.edge;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** A server that says what it is told to say, and remembers what it was asked; it can go away. */
final class FakeServer implements AutoCloseable {
  /** One request that it had. */
  record Asked(String method, String target, String token, String latin) {
    byte[] body() {
      return latin.getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /** Waits for it, and fails after so many seconds. */
  static void until(int seconds, BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 20 * seconds && !condition.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private final int port;
  private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private HttpServer http;

  FakeServer() {
    http = open(0);
    port = http.getAddress().getPort();
  }

  private HttpServer open(int at) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::handle);
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** What it answers to this path, with 200; 404 to others. */
  FakeServer says(String path, String answer) {
    return says(path, answer.getBytes(StandardCharsets.UTF_8));
  }

  FakeServer says(String path, byte[] answer) {
    answers.put(path, answer);
    return this;
  }

  List<Asked> asked(String path) {
    return asked.stream().filter(one -> one.target().split("\\?", 2)[0].equals(path)).toList();
  }

  void goAway() {
    http.stop(0);
  }

  void comeBack() {
    http = open(port);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String token = exchange.getRequestHeaders().getFirst("Authorization");
      byte[] body = exchange.getRequestBody().readAllBytes();
      String target = exchange.getRequestURI().toString();
      String shown = token == null ? "" : token;
      String latin = new String(body, StandardCharsets.ISO_8859_1);
      asked.add(new Asked(exchange.getRequestMethod(), target, shown, latin));
      byte[] answer = answers.get(exchange.getRequestURI().getPath());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      byte[] text =
          answer == null ? "{\"detail\": \"none\"}".getBytes(StandardCharsets.UTF_8) : answer;
      exchange.sendResponseHeaders(answer == null ? 404 : 200, text.length == 0 ? -1 : text.length);
      if (text.length > 0) {
        exchange.getResponseBody().write(text);
      }
    }
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
