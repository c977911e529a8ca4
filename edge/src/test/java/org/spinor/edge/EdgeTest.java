package org.spinor.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.spinor.edge.FakeServer.until;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.client.Json;

class EdgeTest {
  private static final String BUNDLE = "/pilot/bundles/linux-x86_64.tar.gz";

  @TempDir Path folder;
  private final FakeServer server = new FakeServer();
  private final HttpClient client = HttpClient.newHttpClient();
  private Edge edge;

  @BeforeEach
  void start() throws IOException {
    edge = edge();
  }

  private Edge edge() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return Edge.start(
        new EdgeSettings(server.url(), Optional.of(any), Optional.empty(), folder), line -> {});
  }

  @AfterEach
  void stop() {
    edge.close();
    client.shutdownNow();
    server.close();
  }

  private HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + edge.address().orElseThrow().getPort() + target));
  }

  private HttpResponse<String> post(String target, byte[] body) throws Exception {
    return client.send(
        to(target)
            .header("Authorization", "Bearer pilots")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<byte[]> get(String target) throws Exception {
    return client.send(to(target).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void aCallGoesOutWithItsTokenAndItsAnswerComesBack() throws Exception {
    server.says("/api/pilots/p1/work", "{\"jobs\": []}");
    HttpResponse<String> answer =
        post("/api/pilots/p1/work", "{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"jobs\": []}");
    FakeServer.Asked asked = server.asked("/api/pilots/p1/work").getFirst();
    assertThat(asked.token()).isEqualTo("Bearer pilots");
    assertThat(new String(asked.body(), StandardCharsets.UTF_8)).isEqualTo("{\"a\": 1}");
  }

  @Test
  void whatIsNoPilotsCallStaysHere() throws Exception {
    HttpResponse<String> answer = post("/api/jobs/search", new byte[100_000]);
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(Json.tree(answer.body()).path("code").asString()).isEqualTo("FORBIDDEN");
    assertThat(server.asked("/api/jobs/search")).isEmpty();
  }

  @Test
  void aServerThatIsAwayForAMomentIsWaitedFor() throws Exception {
    server.says("/api/pilots/p1/heartbeat", "{}");
    server.goAway();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(
          client.sendAsync(
              to("/api/pilots/p1/heartbeat")
                  .POST(HttpRequest.BodyPublishers.ofString("{}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString()));
    }
    until(20, () -> edge.status().getOrDefault("outside", "").toString().startsWith("away for"));
    server.comeBack();
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get().statusCode()).isEqualTo(200);
    }
    assertThat(server.asked("/api/pilots/p1/heartbeat")).hasSize(20);
    assertThat(edge.status()).containsEntry("outside", "up");
  }

  @Test
  void aSandboxGoesThroughAnAddressOfOurs() throws Exception {
    byte[] box = new byte[3_000_000];
    new Random(1).nextBytes(box);
    server.says("/store/box", box).says("/store/new", "");
    server.says(
        "/api/jobs/sandbox",
        "{\"url\": \"" + server.url() + "/store/box?X-Sig=a%2Fb\", \"expires_in\": 9}");
    String place =
        Json.tree(new String(get("/api/jobs/sandbox?pfn=SB").body(), StandardCharsets.UTF_8))
            .path("url")
            .asString();
    assertThat(place).startsWith("/edge/store/");
    assertThat(get(place).body()).isEqualTo(box);
    assertThat(server.asked("/store/box").getFirst().target()).endsWith("?X-Sig=a%2Fb");

    edge.close();
    edge = edge(); // an address holds over a restart
    assertThat(get(place).body()).isEqualTo(box);

    server.says("/api/jobs/sandbox", "{\"url\": \"/store/new\", \"pfn\": \"SB\", \"fields\": {}}");
    String target = Json.tree(post("/api/jobs/sandbox", new byte[2]).body()).path("url").asString();
    assertThat(post(target, box).statusCode()).isEqualTo(200);
    FakeServer.Asked sent = server.asked("/store/new").getFirst();
    assertThat(sent.body()).isEqualTo(box);
    assertThat(sent.token()).as("a store gets no token").isEmpty();
    // removed when the answer is out already
    until(5, () -> partsLeft() == 0);
  }

  private int partsLeft() {
    String[] names = folder.resolve("parts").toFile().list();
    return names == null ? 0 : names.length;
  }

  @Test
  void anAddressThatTheServerDidNotGiveIsRefused() throws Exception {
    assertThat(get("/edge/store/aHR0cDovL2EvYg.c2ln").statusCode()).isEqualTo(403);
  }

  @Test
  void aBundleIsFetchedOnceAndGivenOutWhileTheServerIsAway() throws Exception {
    byte[] bundle = new byte[500_000];
    new Random(2).nextBytes(bundle);
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bundle));
    server.says(BUNDLE, bundle).says(BUNDLE + ".sha256", sum + "  linux-x86_64.tar.gz\n");
    assertThat(new String(get(BUNDLE + ".sha256").body(), StandardCharsets.UTF_8)).startsWith(sum);
    assertThat(get(BUNDLE).body()).isEqualTo(bundle);
    assertThat(server.asked(BUNDLE)).hasSize(1);
    server.goAway();
    edge.close();
    edge = edge();
    assertThat(get(BUNDLE).body()).isEqualTo(bundle);
  }

  @Test
  void aBundleThatCameDamagedIsNotGivenOut() throws Exception {
    server.says(BUNDLE, "half").says(BUNDLE + ".sha256", "0".repeat(64) + "  x\n");
    assertThat(get(BUNDLE).statusCode()).isEqualTo(503);
    assertThat(folder.resolve("bundles")).isDirectoryNotContaining("glob:**.tar.gz");
  }

  @Test
  void whatItDoesIsTold() throws Exception {
    server.says("/api/health/live", "{}");
    get("/api/health/live");
    get("/other");
    String text = new String(get("/edge/status").body(), StandardCharsets.UTF_8);
    assertThat(Json.tree(text).path("relayed").asInt()).isEqualTo(1);
    assertThat(Json.tree(text).path("refused").asInt()).isEqualTo(1);
    until(10, () -> Edge.lastStatus(folder).isPresent());
  }

  @Test
  void aFolderHasOneEdgeAndASpoolOneAccount() throws Exception {
    assertThatThrownBy(this::edge).hasMessageContaining("another edge uses");
    Path open = Files.createDirectory(folder.resolve("open"));
    Files.setPosixFilePermissions(
        open, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-x---"));
    assertThatThrownBy(
            () ->
                Edge.start(
                    new EdgeSettings(
                        server.url(), Optional.empty(), Optional.of(open), folder.resolve("other")),
                    line -> {}))
        .hasMessageContaining("chmod 700");
  }

  @Test
  void wrongSettingsAreToldAllAtOnce() {
    List<String> problems = new ArrayList<>();
    assertThat(EdgeSettings.read("ftp://a", "", "", folder, problems)).isEmpty();
    assertThat(problems).hasSize(2);
    List<String> none = new ArrayList<>();
    assertThat(EdgeSettings.read("https://a:8000/", "127.0.0.1", "", folder, none).orElseThrow())
        .isEqualTo(
            new EdgeSettings(
                URI.create("https://a:8000"),
                Optional.of(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), EdgeSettings.PORT)),
                Optional.empty(),
                folder));
  }
}
