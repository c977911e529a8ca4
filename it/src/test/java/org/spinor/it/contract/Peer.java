package org.spinor.it.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.spinor.client.Json;
import org.spinor.it.Api;
import org.spinor.it.Await;
import tools.jackson.databind.JsonNode;

/** A DiracX server from PyPI, as a process of its own. */
final class Peer implements AutoCloseable {
  private final Process process;
  private final URI url;
  private final Path log;
  private final JsonNode tokens;

  /**
   * @param people {@code user:group}
   */
  Peer(PythonEnvironment python, Path folder, List<String> people) {
    int port = freePort();
    this.url = URI.create("http://127.0.0.1:" + port);
    this.log = folder.resolveSibling("peer.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                python.program("python").toString(),
                PythonEnvironment.script("peer.py").toString(),
                folder.toString(),
                Integer.toString(port)));
    command.addAll(people);
    try {
      this.process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      Await.until("DiracX is ready; see " + log, Duration.ofMinutes(3), this::ready);
      this.tokens = Json.tree(Files.readString(folder.resolve("tokens.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean ready() {
    if (!process.isAlive()) {
      throw new AssertionError("DiracX ended: " + said());
    }
    return Api.anonymous(url).status("GET", "/api/health/ready", null) == 200;
  }

  private String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  URI url() {
    return url;
  }

  /** A token of one of the people, {@code group user}. */
  String token(String who) {
    return tokens.path(who).asString();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
