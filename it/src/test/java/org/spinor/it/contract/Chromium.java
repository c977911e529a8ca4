package org.spinor.it.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.spinor.client.Json;
import org.spinor.it.Await;
import tools.jackson.databind.JsonNode;

/**
 * A real browser without a screen, steered over the protocol of its developer tools. Where the
 * system has none, the tests that need it are skipped ({@code ./spinor test} installs one).
 */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final URI tools;

  private Chromium(Process process, URI tools) {
    this.process = process;
    this.tools = tools;
  }

  /**
   * @param profile an empty folder for what it keeps
   */
  static Chromium start(Path profile) {
    Optional<Path> program = program();
    Assumptions.assumeTrue(program.isPresent(), "needs a browser (Debian: chromium)");
    try {
      Process process =
          new ProcessBuilder(
                  program.get().toString(),
                  "--headless",
                  "--no-sandbox",
                  "--disable-gpu",
                  "--disable-dev-shm-usage",
                  "--disable-background-networking",
                  "--no-first-run",
                  "--window-size=1200,800",
                  "--remote-debugging-port=0",
                  "--user-data-dir=" + profile,
                  "about:blank")
              .redirectErrorStream(true)
              .redirectOutput(profile.resolve("browser.log").toFile())
              .start();
      Path says = profile.resolve("DevToolsActivePort");
      Await.until(
          "the browser is ready; see " + profile,
          PATIENCE,
          () -> process.isAlive() && Files.exists(says) && !lines(says).isEmpty());
      return new Chromium(process, URI.create("http://127.0.0.1:" + lines(says).getFirst()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> program() {
    String path = System.getenv().getOrDefault("PATH", "");
    return NAMES.stream()
        .flatMap(name -> Stream.of(path.split(":")).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new tab at an address. */
  Tab open(URI page) {
    JsonNode made =
        ask(HttpRequest.newBuilder(tools.resolve("/json/new?about:blank")).method("PUT", none()));
    Tab tab = Tab.of(http, URI.create(made.path("webSocketDebuggerUrl").asString()));
    tab.go(page);
    return tab;
  }

  private static HttpRequest.BodyPublisher none() {
    return HttpRequest.BodyPublishers.noBody();
  }

  private JsonNode ask(HttpRequest.Builder request) {
    try {
      return Json.tree(http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    children.forEach(ProcessHandle::destroyForcibly);
    http.shutdownNow();
  }
}
