package org.spinor.plugins.computing.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.edge.SpoolRelay;
import org.spinor.edge.SpoolState;
import org.spinor.edge.spool.SpoolClient;
import org.spinor.plugins.testbed.Shell;
import org.spinor.plugins.testbed.SshHosts;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElementContext;

/** A server answers a spool behind a real OpenSSH server. */
class SpoolOverSshIT {
  private static final SshPlugin PLUGIN = new SshPlugin();
  private static final byte[] KEY = new byte[SpoolRelay.KEY_BYTES];
  private static final URI EDGE = URI.create("http://edge/");

  private SshHosts hosts;
  private HttpServer http;

  @BeforeEach
  void start() throws IOException {
    hosts = new SshHosts();
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    // says what it is told, back to front
    http.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          byte[] answer = backwards(body);
          exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
    hosts.close();
  }

  private static byte[] backwards(byte[] body) {
    byte[] answer = new byte[body.length];
    for (int i = 0; i < body.length; i++) {
      answer[body.length - 1 - i] = body[i];
    }
    return answer;
  }

  private Path spool() {
    return hosts.folder().resolve("spool");
  }

  private SpoolRelay relay() {
    Map<String, String> parameters =
        Map.of(
            "BatchSystem", "Host",
            "SSHPort", Integer.toString(hosts.inner().port()),
            "SSHKey", hosts.key().toString(),
            "SSHKnownHosts", hosts.knownHosts().toString());
    ComputingElementContext context =
        new ComputingElementContext(
            "LCG.Ssh.test",
            "127.0.0.1",
            "long",
            parameters,
            Credentials.none(),
            hosts.folder(),
            Duration.ofSeconds(30),
            InstantSource.system());
    return new SpoolRelay(
        PLUGIN.folder(context, spool().toString()),
        new SpoolRelay.Server(
            URI.create("http://127.0.0.1:" + http.getAddress().getPort()),
            InetAddress.getLoopbackAddress(),
            "server"),
        KEY,
        line -> {});
  }

  private static void until(SpoolRelay relay, SpoolState.Kind kind) {
    Shell.eventually(
        "a spool that is " + kind + ": " + relay.state(),
        Duration.ofSeconds(60),
        () -> relay.state().kind() == kind);
  }

  private SpoolClient client() {
    return new SpoolClient(spool(), Duration.ofSeconds(60));
  }

  private static HttpRequest heartbeat(byte[] body) {
    return HttpRequest.newBuilder(EDGE.resolve("/api/pilots/p1/heartbeat"))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  private static byte[] ask(SpoolClient client, byte[] body)
      throws IOException, InterruptedException {
    return client.send(heartbeat(body), HttpResponse.BodyHandlers.ofByteArray()).body();
  }

  @Test
  void smallAndLargeBodiesGoThroughIt() throws Exception {
    try (SpoolRelay relay = relay()) {
      until(relay, SpoolState.Kind.UP);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spool())))
          .isEqualTo("rwx------");
      try (SpoolClient client = client()) {
        for (int size : List.of(0, 1, 3_000, 32_700, 32_768, 70_000, 3_000_001)) {
          byte[] body = new byte[size];
          new Random(size).nextBytes(body);
          assertThat(Arrays.equals(ask(client, body), backwards(body)))
              .as("%d bytes", size)
              .isTrue();
        }
      }
      for (String part : List.of("requests", "answers", "tmp")) {
        assertThat(spool().resolve(part)).isEmptyDirectory();
      }
      assertThat(hosts.inner().logins()).isEqualTo(1);
    }
  }

  @Test
  void manyAtOnceAndABreakInTheMiddleLoseNothing() throws Exception {
    try (SpoolRelay relay = relay()) {
      until(relay, SpoolState.Kind.UP);
      List<CompletableFuture<HttpResponse<byte[]>>> answers = new ArrayList<>();
      try (SpoolClient client = client()) {
        for (int i = 0; i < 300; i++) {
          byte[] body = ("request " + i).getBytes(StandardCharsets.UTF_8);
          answers.add(client.sendAsync(heartbeat(body), HttpResponse.BodyHandlers.ofByteArray()));
          if (i == 150) {
            answers.getFirst().get();
            hosts.inner().stop();
          }
        }
        until(relay, SpoolState.Kind.AWAY);
        assertThat(relay.state().why()).contains("127.0.0.1");
        hosts.inner().start();
        for (int i = 0; i < answers.size(); i++) {
          assertThat(answers.get(i).get().body())
              .isEqualTo(backwards(("request " + i).getBytes(StandardCharsets.UTF_8)));
        }
      }
      assertThat(relay.state().kind()).isEqualTo(SpoolState.Kind.UP);
    }
  }

  @Test
  void aSpoolThatOthersMayEnterIsNotUsed() throws Exception {
    Files.createDirectory(spool());
    Files.setPosixFilePermissions(spool(), PosixFilePermissions.fromString("rwxr-x---"));
    try (SpoolRelay relay = relay()) {
      until(relay, SpoolState.Kind.AWAY);
      assertThat(relay.state().why()).endsWith("chmod 700 " + spool());
      assertThat(spool()).isEmptyDirectory();
    }
  }
}
