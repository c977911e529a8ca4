package org.spinor.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spinor.plugins.testbed.Shell;

/** A real HAProxy: one address for several servers, of which those that are ready get requests. */
final class FrontDoor implements AutoCloseable {
  private static final Path HOME = Path.of(System.getProperty("spinor.home")).toAbsolutePath();

  private final int port = ServerProcess.freePort();
  private @Nullable Process haproxy;

  FrontDoor() {
    Shell.need("haproxy");
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  void open(List<ServerProcess> servers) {
    StringBuilder configuration =
        new StringBuilder(
            """
            defaults
              mode http
              timeout connect 10s
              timeout check 20s
              timeout client 1m
              timeout server 1m
              retries 3
              option redispatch 1
            frontend users
              bind 127.0.0.1:%d
              default_backend spinor
            backend spinor
              balance roundrobin
              option httpchk GET /api/health/ready
              default-server check inter 500ms fall 2 rise 1
            """
                .formatted(port));
    for (ServerProcess server : servers) {
      int at = server.url().getPort();
      configuration.append("  server spinor%d 127.0.0.1:%d%n".formatted(at, at));
    }
    try {
      Path file = Files.createTempFile(HOME.resolve("it/target"), "haproxy-", ".cfg");
      Files.writeString(file, configuration);
      haproxy =
          new ProcessBuilder("/usr/sbin/haproxy", "-db", "-f", file.toString())
              .redirectErrorStream(true)
              .redirectOutput(Path.of(file + ".out").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Process running = haproxy;
    if (running != null) {
      running.destroy();
    }
  }
}
