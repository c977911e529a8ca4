package org.spinor.server.provisioning.elements;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.pilots.PilotFiles;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.PilotSubmission;

/**
 * What is sent for a pilot: a script that starts the bootstrap, the bootstrap, the secret. The
 * rest, the bundle with the pilot itself, it fetches from the server.
 */
public final class PilotPackages {
  private static final String SECRET = "pilot.secret";

  private final PilotFiles files;
  private final String server;
  private final String options;
  private final String authorities;
  private final String script = resource("pilot.sh");

  /**
   * @param server address of this installation for pilots
   * @param options further options of all pilots
   * @param authorities file of certificates for pilots; empty: none
   */
  PilotPackages(PilotFiles files, String server, String options, String authorities) {
    this.files = files;
    this.server = server;
    this.options = options;
    this.authorities = authorities;
  }

  /** The address that pilots of a queue are given: this installation's, or that of an edge. */
  public String server(Configuration.Queue queue) {
    return PilotParameters.edge(queue).orElse(server);
  }

  /**
   * @throws MisconfiguredException this installation has no pilot to send
   */
  public PilotSubmission of(Configuration.Queue queue, String stamp, String vo, String secret) {
    String bootstrap =
        files
            .bootstrap()
            .orElseThrow(
                () ->
                    new MisconfiguredException(
                        "this installation has no pilot: bootstrap.sh is missing in the folder of its bundles (spinor.pilot-bundles)"));
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("SPINOR_SERVER", server(queue));
    environment.put("SPINOR_PILOT_STAMP", stamp);
    environment.put("SPINOR_PILOT_OPTIONS", String.join(" ", options(queue)));
    int nodes = queue.nodes();
    if (nodes > 1) {
      environment.put("SPINOR_PILOT_NODES", Integer.toString(nodes));
    }
    List<PilotSubmission.InputFile> inputs = new ArrayList<>();
    inputs.add(new PilotSubmission.InputFile("bootstrap.sh", bootstrap, false));
    inputs.add(new PilotSubmission.InputFile(SECRET, secret + "\n", true));
    authorities().ifPresent(pem -> inputs.add(new PilotSubmission.InputFile("ca.pem", pem, false)));
    return new PilotSubmission(
        stamp,
        vo,
        script,
        environment,
        inputs,
        new PilotSubmission.Size(
            queue.cores(),
            queue.memoryMb(),
            queue.gpus(),
            nodes,
            queue.wholeNode(),
            Duration.ZERO));
  }

  /** Certificates by which pilots shall know the server, where they are no public ones. */
  private Optional<String> authorities() {
    if (authorities.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(Path.of(authorities)));
    } catch (IOException e) {
      throw new MisconfiguredException("spinor.provisioning.pilot-ca: " + e.getMessage(), e);
    }
  }

  private List<String> options(Configuration.Queue queue) {
    List<String> all = new ArrayList<>();
    all.add("--site=" + queue.site());
    all.add("--ce=" + queue.ce());
    all.add("--queue=" + queue.name());
    if (queue.cores() > 0) {
      all.add("--cores=" + queue.cores());
    }
    if (queue.memoryMb() > 0) {
      all.add("--memory=" + queue.memoryMb());
    }
    if (queue.gpus() > 0) {
      all.add("--gpus=" + queue.gpus());
    }
    if (queue.cpuTime() > 0) {
      all.add("--cpu-time=" + queue.cpuTime());
    }
    if (!options.isBlank()) {
      all.add(options.strip());
    }
    return all;
  }

  private static String resource(String name) {
    try (InputStream text = PilotPackages.class.getResourceAsStream(name)) {
      if (text == null) {
        throw new IllegalStateException(name + " is missing in the server");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
