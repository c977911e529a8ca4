package org.spinor.edge;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.spinor.api.ErrorCode;

/**
 * Takes requests over the inner network. What a request carries stays in memory only where it is
 * small and few others do; all else goes through files.
 */
final class Listener implements AutoCloseable {
  /** Less than a pilot waits for an answer: it shall hear from us what is wrong. */
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private static final int SMALL = 16 * 1024;

  /** Bodies in memory, all together. */
  private static final int MEMORY = 4 * 1024 * 1024;

  /** Requests at the same time; whoever comes then is told to come again. */
  private static final int MOST = 2048;

  private static final int COPY = 8192;

  private final HttpServer http;
  private final Relay relay;
  private final Path parts;
  private final Supplier<String> status;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledThreadPoolExecutor watch = new ScheduledThreadPoolExecutor(1);
  private final Semaphore memory = new Semaphore(MEMORY);
  private final Semaphore places = new Semaphore(MOST);

  /**
   * @param parts folder for large bodies
   * @param status JSON for {@code GET /edge/status}
   * @throws IOException the address is taken or not this host's
   */
  Listener(InetSocketAddress address, Relay relay, Path parts, Supplier<String> status)
      throws IOException {
    // read once, when the first server is made
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    System.setProperty("sun.net.httpserver.maxReqTime", "900");
    this.relay = relay;
    this.parts = parts;
    this.status = status;
    watch.setRemoveOnCancelPolicy(true); // else each answer stays in memory until its limit
    this.http = HttpServer.create(address, 1024);
    http.setExecutor(workers);
    http.createContext("/", this::handle);
    http.start();
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return http.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      URI uri = exchange.getRequestURI();
      String query = uri.getRawQuery();
      String target = uri.getRawPath() + (query == null ? "" : "?" + query);
      if (target.equals("/edge/status") && exchange.getRequestMethod().equals("GET")) {
        byte[] text = status.get().getBytes(StandardCharsets.UTF_8);
        write(exchange, Answer.of(200, Map.of("Content-Type", "application/json"), text));
        return;
      }
      if (!places.tryAcquire()) {
        write(exchange, Answer.problem(ErrorCode.UNAVAILABLE, "the edge is busy"));
        return;
      }
      try {
        relay(exchange, target);
      } finally {
        places.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the edge ends; the pilot asks again
    }
  }

  private void relay(HttpExchange exchange, String target)
      throws IOException, InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : Call.PASSED) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    String method = exchange.getRequestMethod();
    if (Rules.of(method, target).isEmpty()) {
      // not read: nobody fills our disk with what is refused
      answer(exchange, new Call(method, target, headers, Body.Bytes.NONE));
      return;
    }
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    boolean small =
        length != null && length.matches("[0-9]{1,5}") && Integer.parseInt(length) <= SMALL;
    int bytes = small ? Integer.parseInt(String.valueOf(length)) : 0;
    if (small && memory.tryAcquire(bytes)) {
      try {
        byte[] content = exchange.getRequestBody().readNBytes(bytes);
        answer(exchange, new Call(method, target, headers, new Body.Bytes(content)));
      } finally {
        memory.release(bytes);
      }
    } else if (length == null && !exchange.getRequestHeaders().containsKey("Transfer-Encoding")) {
      answer(exchange, new Call(method, target, headers, Body.Bytes.NONE));
    } else {
      Path part = Files.createTempFile(parts, "body", ".part");
      try {
        long size = save(exchange.getRequestBody(), part);
        answer(
            exchange,
            new Call(
                method, target, headers, new Body.Kept(() -> Files.newInputStream(part), size)));
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }

  private static long save(InputStream body, Path part) throws IOException {
    try (OutputStream file = Files.newOutputStream(part, StandardOpenOption.TRUNCATE_EXISTING)) {
      return body.transferTo(file);
    }
  }

  private void answer(HttpExchange exchange, Call call) throws IOException, InterruptedException {
    try (Answer answer = relay.answer(call, Patience.of(PATIENCE))) {
      ScheduledFuture<?> end =
          watch.schedule(answer::close, Relay.readingLimit().toSeconds(), TimeUnit.SECONDS);
      try {
        write(exchange, answer);
      } finally {
        end.cancel(false);
      }
    }
  }

  private static void write(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    answer.headers().forEach(headers::set);
    // -1 is no body, 0 is a body of unknown length
    long length = answer.length() == 0 ? -1 : Math.max(0, answer.length());
    exchange.sendResponseHeaders(answer.status(), length);
    if (length >= 0) {
      OutputStream out = exchange.getResponseBody();
      byte[] buffer = new byte[length == 0 ? COPY : (int) Math.min(COPY, length)];
      for (int read = answer.body().read(buffer); read >= 0; read = answer.body().read(buffer)) {
        out.write(buffer, 0, read);
      }
    }
  }

  @Override
  public void close() {
    http.stop(0);
    workers.shutdownNow();
    watch.shutdownNow();
  }
}
