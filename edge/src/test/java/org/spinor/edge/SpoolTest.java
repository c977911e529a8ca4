package org.spinor.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spinor.edge.FakeServer.until;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.client.Json;
import org.spinor.client.Transport;
import org.spinor.edge.spool.LocalFolder;
import org.spinor.edge.spool.Message;
import org.spinor.edge.spool.SpoolClient;
import org.spinor.edge.spool.SpoolFolder;

/** The shared folder: both sides, and what is left when either breaks off. */
class SpoolTest {
  private static final URI EDGE = URI.create("http://edge/");

  @TempDir Path folder;
  private final FakeServer server = new FakeServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private Path spool() {
    return folder.resolve("spool");
  }

  private Edge edge() throws IOException {
    return Edge.start(
        new EdgeSettings(
            server.url(), Optional.empty(), Optional.of(spool()), folder.resolve("state")),
        line -> {});
  }

  private SpoolClient client() {
    return new SpoolClient(spool(), Duration.ofSeconds(20));
  }

  private static HttpRequest heartbeat() {
    return HttpRequest.newBuilder(EDGE.resolve("/api/pilots/p1/heartbeat"))
        .header("Authorization", "Bearer pilots")
        .POST(HttpRequest.BodyPublishers.ofString("{\"running\": []}"))
        .build();
  }

  @Test
  void callsAndSandboxesGoThroughIt() throws Exception {
    byte[] box = new byte[2_000_000];
    new Random(3).nextBytes(box);
    server
        .says("/api/pilots/p1/heartbeat", "{\"drain\": false}")
        .says("/store/box", box)
        .says("/api/jobs/sandbox", "{\"url\": \"/store/box\"}");
    try (Edge edge = edge();
        SpoolClient client = client()) {
      HttpResponse<String> answer = client.send(heartbeat(), HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"drain\": false}");
      assertThat(answer.headers().firstValue("date")).isPresent();
      assertThat(server.asked("/api/pilots/p1/heartbeat").getFirst().token())
          .isEqualTo("Bearer pilots");
      Transport transport = new Transport(client, EDGE, () -> null, Duration.ofSeconds(5));
      String place =
          Json.tree(transport.json("POST", "/api/jobs/sandbox", Map.of()).body())
              .path("url")
              .asString();
      Path file = folder.resolve("box");
      client.send(
          HttpRequest.newBuilder(EDGE.resolve(place)).build(),
          HttpResponse.BodyHandlers.ofFile(file));
      assertThat(Files.readAllBytes(file)).isEqualTo(box);
      client.send(
          HttpRequest.newBuilder(EDGE.resolve(place))
              .POST(HttpRequest.BodyPublishers.ofFile(file))
              .build(),
          HttpResponse.BodyHandlers.discarding());
      assertThat(server.asked("/store/box").getLast().body()).isEqualTo(box);
      assertThat(spool().resolve("requests")).isEmptyDirectory();
      assertThat(spool().resolve("tmp")).isEmptyDirectory();
      assertThat(edge.status()).containsEntry("relayed", 4L);
    }
    assertThat(spool().resolve("answers")).isEmptyDirectory();
  }

  @Test
  void aRequestWaitsForAnEdgeThatStartsAgain() throws Exception {
    server.says("/api/pilots/p1/heartbeat", "{}");
    new SpoolFolder(new LocalFolder(spool())).prepare();
    try (SpoolClient client = client()) {
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(heartbeat(), HttpResponse.BodyHandlers.ofString());
      until(10, () -> count("requests") == 1);
      Files.writeString(spool().resolve("tmp/a-half"), "of an edge that was killed");
      try (Edge _ = edge()) {
        assertThat(answer.get().statusCode()).isEqualTo(200);
        assertThat(spool().resolve("tmp")).isEmptyDirectory();
      }
    }
  }

  @Test
  void aRequestSurvivesAnEdgeThatEndsWhileTheServerIsAway() throws Exception {
    server.says("/api/pilots/p1/heartbeat", "{}");
    server.goAway();
    try (SpoolClient client = client()) {
      CompletableFuture<HttpResponse<String>> answer;
      try (Edge first = edge()) {
        answer = client.sendAsync(heartbeat(), HttpResponse.BodyHandlers.ofString());
        until(10, () -> first.status().getOrDefault("outside", "").toString().startsWith("away"));
      }
      assertThat(count("requests")).isEqualTo(1);
      server.comeBack();
      try (Edge _ = edge()) {
        assertThat(answer.get().statusCode()).isEqualTo(200);
      }
    }
    assertThat(server.asked("/api/pilots/p1/heartbeat")).hasSize(1);
  }

  @Test
  void aRequestThatWasTakenAwayWithoutAnAnswerIsGivenUp() throws Exception {
    new SpoolFolder(new LocalFolder(spool())).prepare();
    try (SpoolClient client = new SpoolClient(spool(), Duration.ofSeconds(2))) {
      HttpRequest upload =
          HttpRequest.newBuilder(EDGE.resolve("/edge/store/box"))
              .timeout(Duration.ofMinutes(15))
              .build();
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(upload, HttpResponse.BodyHandlers.ofString());
      until(10, () -> count("requests") == 1);
      LocalFolder requests = new LocalFolder(spool().resolve("requests"));
      for (String name : requests.names("")) {
        requests.remove(name);
      }
      assertThatThrownBy(() -> answer.get(1, TimeUnit.MINUTES))
          .hasRootCauseInstanceOf(IOException.class)
          .hasMessageContaining("took a request away");
    }
  }

  @Test
  void whatWasAnsweredBeforeACrashIsNotSentAgain() throws Exception {
    SpoolFolder spool = new SpoolFolder(new LocalFolder(spool()));
    spool.prepare();
    Files.createDirectories(spool().resolve("answers/p-1"));
    Files.write(
        spool().resolve(SpoolFolder.request("p-1.1")),
        Message.head("POST /api/pilots/p1/heartbeat", Map.of("Content-Type", "application/json")));
    spool.answer("p-1.1", Message.head("200", Map.of()), out -> out.write('x'));
    try (Edge edge = edge()) {
      until(10, () -> count("requests") == 0);
      assertThat(edge.status()).containsEntry("relayed", 0L);
    }
    assertThat(server.asked("/api/pilots/p1/heartbeat")).isEmpty();
  }

  @Test
  void aRequestThatWasTakenBackIsNotSent() throws Exception {
    server.says("/api/pilots/p1/heartbeat", "{}");
    server.goAway();
    try (Edge edge = edge();
        SpoolClient client = new SpoolClient(spool(), Duration.ofSeconds(2))) {
      // so that the client can tell what the edge said
      until(10, () -> Files.exists(spool().resolve("edge")));
      assertThatThrownBy(() -> client.send(heartbeat(), HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(HttpTimeoutException.class)
          .hasMessageContaining("last said");
      // the edge learns of it when it looks the next time
      until(10, () -> edge.status().getOrDefault("in_spool", 1).equals(0));
      server.comeBack();
      until(10, () -> edge.status().getOrDefault("in_hand", 1).equals(0));
    }
    assertThat(server.asked("/api/pilots/p1/heartbeat")).isEmpty();
  }

  @Test
  void rubbishIsAnsweredOrRemoved() throws Exception {
    SpoolFolder spool = new SpoolFolder(new LocalFolder(spool()));
    spool.prepare();
    Files.createDirectories(spool().resolve("answers/p-1"));
    Files.writeString(spool().resolve(SpoolFolder.request("p-1.1")), "no head");
    Files.writeString(spool().resolve(SpoolFolder.request("p-1.2")), "POST\n\n");
    Files.writeString(spool().resolve(SpoolFolder.request("p-1.3")), "GET /api/jobs\n\n");
    Files.writeString(spool().resolve(SpoolFolder.request("..x")), "GET /api/health/live\n\n");
    try (Edge _ = edge()) {
      until(10, () -> count("requests") == 0);
    }
    assertThat(Message.read(spool().resolve("answers/p-1/1")).first()).isEqualTo("400");
    assertThat(Message.read(spool().resolve("answers/p-1/2")).first()).isEqualTo("400");
    assertThat(Message.read(spool().resolve("answers/p-1/3")).first()).isEqualTo("403");
  }

  @Test
  void aShellCanWriteAndReadIt() throws Exception {
    server.says("/api/health/live", "up\n\nand well");
    new SpoolFolder(new LocalFolder(spool())).prepare();
    try (Edge _ = edge()) {
      Process shell =
          new ProcessBuilder(
                  "sh",
                  "-c",
                  """
                  mkdir answers/b-1
                  printf 'GET /api/health/live\\nAccept: text/plain\\n\\n' >tmp/q-b-1.1
                  mv tmp/q-b-1.1 requests/b-1.1
                  until [ -f answers/b-1/1 ]; do sleep 0.1; done
                  sed '1,/^$/d' answers/b-1/1
                  """)
              .directory(spool().toFile())
              .start();
      assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("up\n\nand well");
    }
  }

  private int count(String part) {
    String[] names = spool().resolve(part).toFile().list();
    return names == null ? 0 : names.length;
  }
}
