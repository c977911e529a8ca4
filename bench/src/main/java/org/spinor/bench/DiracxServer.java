package org.spinor.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.spinor.client.Json;

/** DiracX from PyPI with its best settings: a worker a core, uvloop, httptools, MariaDB. */
final class DiracxServer implements AutoCloseable {
  private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors());
  private static final int GOOD_ANSWERS = 20;

  private final Path folder;
  private final boolean keep;
  private final MariaDb database;
  private final int port = ServerUnderLoad.freePort();
  private final Child server;
  private final String token;

  DiracxServer(boolean keep) {
    this.keep = keep;
    MariaDb.requireInstalled();
    Path python = PythonPackages.python();
    try {
      this.folder = Files.createTempDirectory("diracx-bench-");
      ServerUnderLoad.say("starting DiracX on " + folder);
      this.database = MariaDb.start(folder, ServerUnderLoad.freePort());
      Path home = Files.createDirectory(folder.resolve("diracx"));
      this.server =
          Child.start(
              folder.resolve("diracx.log"),
              Map.of(
                  "DIRACX_PEER_DATABASE",
                  database.address(),
                  "DIRACX_PEER_WORKERS",
                  Integer.toString(WORKERS)),
              List.of(
                  python.toString(),
                  PythonPackages.SOURCES.resolve("peer.py").toString(),
                  home.toString(),
                  Integer.toString(port),
                  "bench:user"));
      waitUntilReady();
      this.token =
          Json.tree(Files.readString(home.resolve("tokens.json"))).path("user bench").asString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each worker says for some seconds that it is not ready; who answers is left to chance. */
  private void waitUntilReady() {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    int good = 0;
    while (System.nanoTime() < end) {
      server.requireAlive();
      try (Wire wire = new Wire(port)) {
        good = wire.send("GET", "/api/health/ready", "", "").status() == 200 ? good + 1 : 0;
      } catch (UncheckedIOException e) {
        // Not listening yet.
      }
      if (good == GOOD_ANSWERS) {
        return;
      }
      ServerUnderLoad.sleep(100);
    }
    throw new IllegalStateException("DiracX is not ready after three minutes: see " + folder);
  }

  int port() {
    return port;
  }

  String token() {
    return token;
  }

  /** CPU time of all its processes so far, its database's included. */
  long cpuMillis() {
    return server.cpuMillis() + database.cpuMillis();
  }

  MariaDb database() {
    return database;
  }

  @Override
  public void close() {
    server.close();
    database.close();
    if (keep) {
      ServerUnderLoad.say("kept: " + folder);
    } else {
      Child.delete(folder);
    }
  }
}
