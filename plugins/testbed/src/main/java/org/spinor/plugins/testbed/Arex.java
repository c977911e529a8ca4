package org.spinor.plugins.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A real A-REX on this machine, with certificates of a test CA, own files and a port of its own.
 * Its two services run as this account; jobs run as it too, or as {@code nobody} where it is root.
 */
public final class Arex implements AutoCloseable {
  private final DaemonFolder daemons;
  private final Path folder;
  private final int port = Shell.freePort();
  private final Map<String, String> environment;

  /**
   * @param lrms as in arc.conf: {@code fork}, {@code slurm}
   * @param queue the one that it has
   * @param environment of the service, and of the batch system's commands
   */
  public Arex(String lrms, String queue, Map<String, String> environment) {
    this.environment = environment;
    Shell.need("nordugrid-arc-arex", "nordugrid-arc-arcctl", "openssl", "perl");
    daemons = new DaemonFolder("spinor-arex");
    folder = daemons.path();
    Shell.works(
        environment,
        "sh",
        Shell.script("arex.sh"),
        folder.toString(),
        Integer.toString(port),
        account(),
        lrms,
        queue);
    start();
  }

  private static String account() {
    String user = System.getProperty("user.name");
    return user.equals("root") ? "nobody:nogroup" : user;
  }

  public void start() {
    for (String service : new String[] {"arex", "arex-ws"}) {
      Shell.works(environment, "sh", Shell.script("arex.sh"), folder.toString(), "start", service);
    }
    Shell.eventually(
        "an A-REX that answers",
        Duration.ofMinutes(4),
        () -> curl("/rest").output().contains("<version>1.0</version>"));
  }

  /**
   * Ends both services; jobs go on. One that hangs is killed, but not before it has stopped working
   * on jobs: A-REX submits a job twice when it is killed while it submits.
   */
  public void stop() {
    end("ws", () -> true);
    long before = stopped();
    end("arex", () -> stopped() > before);
  }

  private long stopped() {
    Path log = folder.resolve("log/arex.log");
    try (Stream<String> lines =
        Files.exists(log) ? Files.lines(log, StandardCharsets.ISO_8859_1) : Stream.empty()) {
      return lines.filter(line -> line.contains("Stopped job processing")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end(String service, BooleanSupplier mayBeKilled) {
    Path pidFile = folder.resolve("run").resolve(service + ".pid");
    try {
      if (Files.exists(pidFile)) {
        ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
            .ifPresent(process -> end(process, mayBeKilled));
        Files.deleteIfExists(pidFile);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(ProcessHandle process, BooleanSupplier mayBeKilled) {
    process.destroy();
    Instant patience = Instant.now().plusSeconds(5);
    Shell.eventually(
        "the end of A-REX's work",
        Duration.ofMinutes(3),
        () ->
            !process.isAlive() || (mayBeKilled.getAsBoolean() && Instant.now().isAfter(patience)));
    process.destroyForcibly();
    Shell.eventually("the end of A-REX", Duration.ofMinutes(1), () -> !process.isAlive());
  }

  /** Whether the service can fetch keys from an issuer with a certificate of the test CA. */
  public static boolean trustsIssuers() {
    return Shell.run(Map.of(), "unshare", "-m", "true").code() == 0;
  }

  /** What curl gets from the service; the path is below the endpoint. */
  public Shell.Result curl(String path, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "-sS",
                "--cacert",
                authority().toString(),
                "--cert",
                certificate().toString(),
                "--key",
                key().toString(),
                "--header",
                "Accept: application/xml"));
    command.addAll(List.of(more));
    command.add(endpoint() + path);
    return Shell.run(Map.of(), command.toArray(String[]::new));
  }

  public String endpoint() {
    return "https://localhost:" + port + "/arex";
  }

  public Path folder() {
    return folder;
  }

  /** Where jobs of the other account may write. */
  public Path scratch() {
    return folder.resolve("tmp");
  }

  public Path authorities() {
    return folder.resolve("ca");
  }

  public Path authority() {
    return authorities().resolve("ARC-TestCA-spinor.pem");
  }

  public Path certificate() {
    return folder.resolve("usercert.pem");
  }

  public Path key() {
    return folder.resolve("userkey.pem");
  }

  @Override
  public void close() {
    stop();
    daemons.close();
  }
}
