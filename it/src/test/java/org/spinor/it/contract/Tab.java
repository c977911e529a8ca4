package org.spinor.it.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.spinor.client.Json;
import org.spinor.it.Await;
import tools.jackson.databind.JsonNode;

/** A tab of a browser: goes to addresses, runs scripts in them, remembers what went wrong. */
final class Tab {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final AtomicInteger number = new AtomicInteger();
  private @Nullable WebSocket socket;

  private Tab() {}

  static Tab of(HttpClient http, URI address) {
    Tab tab = new Tab();
    tab.socket = http.newWebSocketBuilder().buildAsync(address, tab.new Ear()).join();
    tab.tell("Runtime.enable", Map.of());
    tab.tell("Log.enable", Map.of());
    return tab;
  }

  /** Exceptions of scripts, and what the browser kept the page from. */
  List<String> complaints() {
    return complaints;
  }

  void go(URI page) {
    tell("Page.navigate", Map.of("url", page.toString()));
  }

  void reload() {
    tell("Page.reload", Map.of());
  }

  /** The value of an expression; of a promise what it comes to. */
  JsonNode value(String script) {
    JsonNode said =
        tell(
            "Runtime.evaluate",
            Map.of(
                "expression", script,
                "awaitPromise", true,
                "returnByValue", true,
                "userGesture", true));
    if (said.has("exceptionDetails")) {
      throw new IllegalStateException(script + ": " + said);
    }
    return said.path("result").path("value");
  }

  /** What a person reads on the page. */
  String text() {
    return value("document.body ? document.body.innerText : ''").asString("");
  }

  /** Waits until an expression is true; pages may come and go meanwhile. */
  void until(String expression) {
    Await.until(
        expression + " in the page",
        PATIENCE,
        () -> {
          try {
            return value("Boolean(" + expression + ")").asBoolean();
          } catch (IllegalStateException e) {
            return false; // the page it was asked of is gone
          }
        });
  }

  void untilText(String text) {
    until("document.body && document.body.innerText.includes(" + Json.write(text) + ")");
  }

  void fill(String selector, String value) {
    until("document.querySelector(" + Json.write(selector) + ")");
    value(
        "(e => { e.value = %s; e.dispatchEvent(new Event('change', {bubbles: true})); })(document.querySelector(%s))"
            .formatted(Json.write(value), Json.write(selector)));
  }

  void click(String selector) {
    until("document.querySelector(" + Json.write(selector) + ")");
    value("document.querySelector(%s).click()".formatted(Json.write(selector)));
  }

  Path picture(Path file) {
    String data = tell("Page.captureScreenshot", Map.of()).path("data").asString();
    try {
      return Files.write(file, Base64.getDecoder().decode(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode tell(String method, Map<String, Object> parameters) {
    int id = number.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    Objects.requireNonNull(socket)
        .sendText(Json.write(Map.of("id", id, "method", method, "params", parameters)), true)
        .join();
    JsonNode said = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (said.has("error")) {
      throw new IllegalStateException(method + ": " + said.path("error"));
    }
    return said.path("result");
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder heard = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
      heard.append(text);
      if (last) {
        JsonNode said = Json.tree(heard.toString());
        heard.setLength(0);
        take(said);
      }
      from.request(1);
      return null;
    }

    private void take(JsonNode said) {
      CompletableFuture<JsonNode> answer = asked.remove(said.path("id").asInt(0));
      if (answer != null) {
        answer.complete(said);
      }
      JsonNode entry = said.path("params").path("entry");
      if (said.path("method").asString("").equals("Runtime.exceptionThrown")
          || entry.path("source").asString("").equals("security")) {
        complaints.add(said.toString());
      }
    }
  }
}
