package org.spinor.pilot.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import tools.jackson.core.JacksonException;

/** The server: pilots, jobs, sandboxes; and how it fails. */
public final class FakeServer implements AutoCloseable {
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final FakeSandboxes sandboxes = new FakeSandboxes(this);
  private final FakeJobs jobs = new FakeJobs();
  private final FakePilots pilots = new FakePilots(jobs);
  private final FakeMachines machines = new FakeMachines();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final AtomicInteger answersToLose = new AtomicInteger();
  private volatile boolean down;
  private volatile boolean unavailable;
  private volatile Predicate<String> garbled = path -> false;
  private volatile Duration delay = Duration.ZERO;
  private volatile CountDownLatch workGate = new CountDownLatch(0);

  public FakeServer() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  public FakeJobs jobs() {
    return jobs;
  }

  public FakePilots pilots() {
    return pilots;
  }

  public FakeMachines machines() {
    return machines;
  }

  public FakeSandboxes sandboxes() {
    return sandboxes;
  }

  /** Gives these bytes to whoever asks for the path. */
  public void file(String path, byte[] bytes) {
    files.put(path, bytes);
  }

  /** All that was asked, as {@code METHOD /path}, whatever came of it. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** While down, connections are closed without an answer. */
  public void down(boolean value) {
    down = value;
  }

  /** While unavailable, every answer is 503. */
  public void unavailable(boolean value) {
    unavailable = value;
  }

  /** So many of the next requests are carried out, but their answers are lost. */
  public void loseAnswers(int count) {
    answersToLose.set(count);
  }

  /** Who asks at these paths gets the page of a proxy. */
  public void garble(Predicate<String> paths) {
    garbled = paths;
  }

  /** Every answer takes so long. */
  public void delay(Duration value) {
    delay = value;
  }

  /** What is said to pilots that ask for work from now on leaves only when this is down. */
  public void holdWork(CountDownLatch gate) {
    workGate = gate;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      CountDownLatch gate = path.endsWith("/work") ? workGate : new CountDownLatch(0);
      requests.add(exchange.getRequestMethod() + " " + path);
      if (down) {
        throw new IOException("down");
      }
      pause();
      Answer answer = answer(path, new Request(exchange, body));
      pass(gate);
      if (answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IOException("lost");
      }
      byte[] bytes = answer.body();
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Answer answer(String path, Request request) {
    if (garbled.test(path)) {
      return Answer.bytes("<html>Down for maintenance</html>".getBytes(StandardCharsets.UTF_8));
    }
    return unavailable ? Answer.problem(ErrorCode.UNAVAILABLE, "not now") : route(request);
  }

  private void pause() {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pass(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer route(Request request) {
    try {
      String path = request.path();
      byte[] file = files.get(path);
      if (file != null) {
        return Answer.bytes(file);
      }
      if (path.startsWith("/pilot/")) {
        throw new SpinorException(ErrorCode.NOT_FOUND, "no such file");
      }
      if (path.equals("/api/health/live")) {
        return Answer.json("ok");
      }
      if (path.startsWith("/api/machines/")) {
        return machines.answer(request);
      }
      if (path.startsWith("/api/pilots") || path.startsWith("/api/auth")) {
        return pilots.answer(request);
      }
      return path.startsWith("/api/jobs/sandbox")
          ? sandboxes.answer(request)
          : jobs.answer(request, sandboxes);
    } catch (SpinorException e) {
      return Answer.problem(e.code(), String.valueOf(e.getMessage()));
    } catch (JacksonException e) {
      return Answer.problem(ErrorCode.UNPROCESSABLE, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      e.printStackTrace();
      return Answer.problem(ErrorCode.INTERNAL, e.toString());
    }
  }

  /** Waits until something is so. */
  public static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(90).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("waited in vain: " + what);
      }
      Thread.sleep(10);
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
