package org.spinor.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.spinor.client.Json;

/**
 * What an edge agent costs in memory: {@code spinor edge} as a process of its own in front of a
 * server that only answers, with more and more jobs whose pilots send heartbeats, logs and
 * sandboxes through it ten times as often as pilots do, then as fast as it goes, and at last with
 * the server away, so that everything waits in the edge.
 */
final class EdgeBench {
  private static final int JOBS_A_PILOT = 8;
  private static final int LOG_BYTES = 8000;
  private static final int SANDBOX_BYTES = 1_000_000;
  private static final int ROUNDS_A_SANDBOX = 25;

  /** Between the beginnings of two rounds of a pilot; real ones are a minute apart. */
  private static final long PACE_MILLIS = 6000;

  private static final int AWAY_SECONDS = 15;
  private static final String STORE = "/store/box";

  private final int jobs;
  private final int seconds;
  private final Path folder = newFolder();
  private final String log = "x".repeat(LOG_BYTES);
  private final String sandbox = "y".repeat(SANDBOX_BYTES);

  EdgeBench(int jobs, int seconds) {
    this.jobs = jobs;
    this.seconds = seconds;
  }

  SequencedMap<String, Object> run(boolean keep) {
    SequencedMap<String, Object> figures = new LinkedHashMap<>();
    figures.put("bench", "edge");
    HttpServer server = server(0);
    int serverPort = server.getAddress().getPort();
    int port = ServerUnderLoad.freePort();
    try (Child edge = start(serverPort, port)) {
      awaitStart(edge, port);
      long base = rssKb(edge);
      figures.put("rss_mb_without_jobs", Load.round(base / 1000.0));
      String store = store(port);
      for (int level : new TreeSet<>(List.of(100, 1000, jobs))) {
        ServerUnderLoad.say(level + " jobs");
        Load load = new Load();
        load.go(
            port,
            pilots(level),
            seconds,
            (wire, client, round) -> paced(wire, client, round, store));
        add(figures, edge, base, level, Integer.toString(level));
        figures.put("errors_" + level, load.errors());
      }
      asFastAsItGoes(edge, port, store, base, figures);
      server = away(server, edge, port, base, figures);
      edge.requireAlive();
    } finally {
      server.stop(0);
      if (!keep) {
        Child.delete(folder);
      }
    }
    figures.put("jobs", jobs);
    figures.put("jobs_a_pilot", JOBS_A_PILOT);
    figures.put("seconds", seconds);
    figures.put("java", System.getProperty("java.version"));
    return figures;
  }

  private void asFastAsItGoes(
      Child edge, int port, String store, long base, SequencedMap<String, Object> figures) {
    ServerUnderLoad.say("as fast as it goes");
    Load load = new Load();
    load.go(port, pilots(jobs), seconds, (wire, client, round) -> work(wire, client, round, store));
    add(figures, edge, base, jobs, "at_full_speed");
    figures.put("rate", Load.round(load.rate()));
    figures.put("errors", load.errors());
  }

  /** All pilots at once ask for something while the server is away; it comes back in time. */
  private HttpServer away(
      HttpServer server, Child edge, int port, long base, SequencedMap<String, Object> figures) {
    ServerUnderLoad.say("the server is away for " + AWAY_SECONDS + " s");
    int serverPort = server.getAddress().getPort();
    server.stop(0);
    Load load = new Load();
    Thread pilots = Thread.ofVirtual().start(() -> load.go(port, pilots(jobs), 1, this::one));
    sleep(AWAY_SECONDS * 1000L);
    add(figures, edge, base, jobs, "while_away");
    figures.put("live_heap_mb_while_away", liveHeapMb(edge, port));
    HttpServer again = server(serverPort);
    try {
      pilots.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    figures.put("waited_while_away", load.answers());
    figures.put("refused_while_away", load.errors());
    figures.put("rss_mb_peak", Load.round(kb(edge, "VmHWM") / 1000.0));
    return again;
  }

  /** What its heap holds when the garbage is gone. */
  private double liveHeapMb(Child edge, int port) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Path said = folder.resolve("jcmd.out");
    Child.run(said, List.of(jcmd.toString(), Long.toString(edge.pid()), "GC.run"));
    try (Wire wire = new Wire(port)) {
      String facts = wire.send("GET", "/edge/status", "none", "").body();
      return Load.round(Json.tree(facts).path("heap_kb").asInt() / 1000.0);
    }
  }

  private boolean one(Wire wire, int client, long round) {
    return wire.send("POST", "/api/pilots/bench/log?offset=0", "token", log).status() == 200;
  }

  private static int pilots(int jobs) {
    return (jobs + JOBS_A_PILOT - 1) / JOBS_A_PILOT;
  }

  private static void add(
      SequencedMap<String, Object> figures, Child edge, long base, int jobs, String name) {
    edge.requireAlive();
    long now = rssKb(edge);
    figures.put("rss_mb_" + name, Load.round(now / 1000.0));
    double more = Math.max(0, now - base) / 1000.0 / jobs * 100;
    figures.put("mb_per_100_jobs_" + name, Math.round(more * 1000) / 1000.0);
    double whole = now / 1000.0 / jobs * 100;
    figures.put("mb_per_100_jobs_with_java_" + name, Math.round(whole * 1000) / 1000.0);
  }

  /** Pilots begin at any time, and keep their pace. */
  private boolean paced(Wire wire, int client, long round, String store) {
    long begin = System.nanoTime();
    if (round == 0) {
      sleep(ThreadLocalRandom.current().nextLong(PACE_MILLIS));
      return work(wire, client, round, store);
    }
    boolean good = work(wire, client, round, store);
    sleep(Math.max(0, PACE_MILLIS - (System.nanoTime() - begin) / 1_000_000));
    return good;
  }

  /** What a pilot says of its jobs in a minute, and now and then a sandbox. */
  private boolean work(Wire wire, int client, long round, String store) {
    boolean good = beat(wire, round);
    if ((round + client) % ROUNDS_A_SANDBOX == 0) {
      good &= wire.send("POST", store, "none", sandbox).status() == 200;
      good &= wire.send("GET", store, "none", "").body().length() == SANDBOX_BYTES;
    }
    return good;
  }

  private boolean beat(Wire wire, long round) {
    boolean good = true;
    for (int job = 0; job < JOBS_A_PILOT; job++) {
      String body =
          "{\"%d\": {\"LoadAverage\": 1.5, \"MemoryUsed\": 812.5, \"CPUConsumed\": %d, \"StandardOutput\": \"%s\"}}"
              .formatted(job + 1, round, log.substring(0, 600));
      good &= wire.send("PATCH", "/api/jobs/heartbeat", "token", body).status() == 200;
    }
    good &= wire.send("POST", "/api/pilots/bench/heartbeat", "token", "{}").status() == 200;
    boolean logged =
        wire.send("POST", "/api/pilots/bench/log?offset=0", "token", log).status() == 200;
    return good && logged;
  }

  /** The address that the edge gives for the server's sandbox. */
  private static String store(int port) {
    try (Wire wire = new Wire(port)) {
      String answer = wire.send("GET", "/api/jobs/sandbox?pfn=SB", "token", "").body();
      return Json.tree(answer).path("url").stringValue();
    }
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("spinor-bench-edge-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Child start(int serverPort, int port) {
    return Child.start(
        folder.resolve("edge.out"),
        Map.of("SPINOR_BUILD", "never", "JAVA_HOME", System.getProperty("java.home")),
        new ArrayList<>(
            List.of(
                ServerUnderLoad.HOME.resolve("spinor").toString(),
                "edge",
                "--server",
                "http://127.0.0.1:" + serverPort,
                "--listen",
                "127.0.0.1:" + port,
                "--state",
                folder.resolve("state").toString())));
  }

  private static void awaitStart(Child edge, int port) {
    for (int tries = 0; tries < 300; tries++) {
      edge.requireAlive();
      try (Wire wire = new Wire(port)) {
        if (wire.send("GET", "/api/health/live", "none", "").status() == 200) {
          sleep(2000);
          return;
        }
      } catch (UncheckedIOException e) {
        ServerUnderLoad.say("waiting for the edge");
      }
      sleep(500);
    }
    throw new IllegalStateException("the edge does not start");
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long rssKb(Child edge) {
    return kb(edge, "VmRSS");
  }

  /** A line of the kernel's on a process. */
  private static long kb(Child process, String name) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElseThrow(() -> new MissingException("needs Linux: no " + name + " in /proc"));
    } catch (IOException e) {
      throw new MissingException("needs Linux: " + e.getMessage());
    }
  }

  /** Answers everything well. */
  private HttpServer server(int port) {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::answer);
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().skip(Long.MAX_VALUE);
      String path = exchange.getRequestURI().getPath();
      boolean fetched = path.equals(STORE) && exchange.getRequestMethod().equals("GET");
      String text =
          fetched
              ? sandbox
              : path.equals("/api/jobs/sandbox") ? "{\"url\": \"" + STORE + "\"}" : "{}";
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
