package org.spinor.plugins.computing.cream;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.spinor.spi.Credentials;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotSubmission;

/** A stand-in with the certificates for it, and elements in front of it. */
final class Setting implements AutoCloseable {
  private final Path folder;
  private final TestGrid grid;
  private final CreamStandIn standIn;
  private volatile Duration ahead = Duration.ZERO;

  Setting(Path folder) {
    this.folder = folder;
    this.grid = new TestGrid(folder.resolve("grid"));
    this.standIn = new CreamStandIn(grid, folder.resolve("jobs"));
  }

  CreamStandIn standIn() {
    return standIn;
  }

  TestGrid grid() {
    return grid;
  }

  /** Lets the plug-in's clock go so much ahead. */
  void ahead(Duration time) {
    ahead = time;
  }

  Map<String, String> parameters() {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("Endpoint", standIn.endpoint());
    parameters.put("SandboxURL", standIn.endpoint() + "/folder");
    parameters.put("CredentialFile", grid.proxy().toString());
    parameters.put("CAPath", grid.authorities().toString());
    return parameters;
  }

  ComputingElement open() {
    return open(parameters(), "cream-pbs-long", Duration.ofMinutes(2));
  }

  ComputingElement open(Map<String, String> parameters, String queue, Duration timeLimit) {
    InstantSource clock = () -> Instant.now().plus(ahead);
    return new CreamPlugin()
        .create(
            new ComputingElementContext(
                "LCG.Example.org",
                "cream.example.org",
                queue,
                parameters,
                Credentials.none(),
                folder.resolve("state"),
                timeLimit,
                clock));
  }

  static PilotSubmission pilot(String stamp, String script) {
    return new PilotSubmission(
        stamp,
        "testvo",
        script,
        Map.of(),
        List.of(new PilotSubmission.InputFile("secret", "abracadabra", true)),
        PilotSubmission.Size.oneCore());
  }

  @Override
  public void close() {
    standIn.close();
  }
}
