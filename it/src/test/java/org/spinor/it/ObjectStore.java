package org.spinor.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.spinor.client.Json;

/**
 * A real S3 store, SeaweedFS, as a process of its own on a folder of its own: it checks signatures,
 * policies of forms and checksums. It can be killed and started again.
 */
final class ObjectStore implements AutoCloseable {
  static final String KEY = "spinor-test";
  static final String SECRET = "a-secret-of-forty-letters-nobody-knows-it";

  private final Path program;
  private final Path folder;
  private final int port = ServerProcess.freePort();
  private final int master = ServerProcess.freePort();
  private final int volume = ServerProcess.freePort();
  private final int filer = ServerProcess.freePort();
  private @Nullable Process process;

  /**
   * @param program {@code weed}
   */
  ObjectStore(Path program) {
    this.program = program;
    try {
      this.folder =
          Files.createTempDirectory(
              Path.of(System.getProperty("spinor.home"), "it/target").toAbsolutePath(), "s3-");
      Files.createDirectories(folder.resolve("data"));
      Files.writeString(
          folder.resolve("s3.json"),
          Json.write(
              Map.of(
                  "identities",
                  List.of(
                      Map.of(
                          "name",
                          "spinor",
                          "credentials",
                          List.of(Map.of("accessKey", KEY, "secretKey", SECRET)),
                          "actions",
                          List.of("Admin", "Read", "Write", "List"))))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
  }

  void start() {
    try {
      process =
          new ProcessBuilder(
                  program.toString(),
                  "server",
                  "-dir=" + folder.resolve("data"),
                  "-ip=127.0.0.1",
                  "-ip.bind=127.0.0.1",
                  "-master.port=" + master,
                  "-master.port.grpc=" + ServerProcess.freePort(),
                  "-master.volumeSizeLimitMB=64",
                  "-volume.port=" + volume,
                  "-volume.port.grpc=" + ServerProcess.freePort(),
                  "-volume.max=16",
                  "-filer",
                  "-filer.port=" + filer,
                  "-filer.port.grpc=" + ServerProcess.freePort(),
                  "-s3",
                  "-s3.port=" + port,
                  "-s3.port.grpc=" + ServerProcess.freePort(),
                  "-s3.config=" + folder.resolve("s3.json"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Await.until(
        "the S3 store is ready; see " + folder.resolve("out"),
        Duration.ofMinutes(2),
        () -> {
          if (!running().isAlive()) {
            throw new AssertionError("the S3 store ended; see " + folder.resolve("out"));
          }
          // The door opens before the store knows where its bytes are: ask for a place for some.
          return status(url()) == 403
              && status(URI.create("http://127.0.0.1:" + master + "/dir/assign")) == 200;
        });
  }

  /** The status of a GET without a signature; 0 where no answer came. */
  static int status(URI address) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest get = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build();
      return client.send(get, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where the store itself has what is at such an address: without a signature, which ends. */
  URI kept(URI address) {
    return URI.create("http://127.0.0.1:" + filer + "/buckets" + address.getRawPath());
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Settings of a server that keeps its sandboxes here. */
  Map<String, String> settings(String... more) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("SPINOR_SANDBOXES_S3_ENDPOINT", url().toString());
    settings.put("SPINOR_SANDBOXES_S3_KEYID", KEY);
    settings.put("SPINOR_SANDBOXES_S3_SECRET", SECRET);
    List<String> rest = new ArrayList<>(List.of(more));
    while (!rest.isEmpty()) {
      settings.put("SPINOR_SANDBOXES_" + rest.removeFirst(), rest.removeFirst());
    }
    return settings;
  }

  /** As a power cut would end it. */
  void killHard() {
    running().destroyForcibly();
    Await.until("the S3 store is gone", Duration.ofMinutes(1), () -> !running().isAlive());
  }

  private Process running() {
    Process started = process;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    return started;
  }

  @Override
  public void close() {
    running().destroyForcibly();
  }
}
