package org.spinor.server.provisioning.trials;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.spinor.edge.spool.SpoolFolder;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.elements.PilotParameters;
import org.spinor.server.provisioning.spools.SpoolBoard;
import org.spinor.server.provisioning.spools.SpoolRow;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.PluginException;
import org.spinor.spi.computing.SiteFolder;

/** The step of a test that looks at the way by which pilots of a queue call. */
final class EdgeCheck {
  private final SiteTests tests;
  private final Elements elements;
  private final SpoolBoard spools;
  private final TrialChecks.CallTimer timer;

  EdgeCheck(SiteTests tests, Elements elements, SpoolBoard spools, TrialChecks.CallTimer timer) {
    this.tests = tests;
    this.elements = elements;
    this.spools = spools;
    this.timer = timer;
  }

  TrialChecks.CallTimer timer() {
    return timer;
  }

  /** Uses the spool itself, then asks how the server that answers there fares. */
  void make(TrialRun run, Configuration.Queue queue) {
    run.begin(TrialStep.EDGE, now());
    Optional<String> path = PilotParameters.spool(queue);
    if (path.isEmpty()) {
      run.skip(
          TrialStep.EDGE,
          PilotParameters.edge(queue)
              .map(edge -> "by the edge at " + edge + ", which cannot be looked at from here")
              .orElse("pilots call this installation themselves"));
      return;
    }
    tests.progress(run);
    try {
      Duration took = timer.calls().call("spool", () -> use(queue, path.get()));
      Optional<SpoolRow> row = spools.of(queue);
      String words = row.map(SpoolRow::words).orElse("its place is not known");
      if (row.filter(SpoolRow::isOpen).isPresent()) {
        run.ok(
            TrialStep.EDGE,
            now(),
            "the spool %s is %s; a file there and back takes %d ms"
                .formatted(path.get(), words, took.toMillis()));
        return;
      }
      run.fail(
          TrialStep.EDGE,
          now(),
          "the spool " + path.get() + " can be used, and: " + words,
          "a server takes a new spool within seconds, and that of a server that died within 70; test again then");
    } catch (PluginException e) {
      run.fail(
          TrialStep.EDGE,
          now(),
          TrialChecks.words(e),
          "the folder of Edge must be on a file system that the nodes share, and the account's alone: try it by hand with sftp");
    }
    run.close("pilots could not call");
  }

  private Duration use(Configuration.Queue queue, String path) {
    try (SiteFolder folder = elements.folder(queue, path)) {
      SpoolFolder spool = new SpoolFolder(folder);
      spool.prepare();
      Instant begun = now();
      spool.probe();
      return Duration.between(begun, now());
    } catch (IOException e) {
      throw new MisconfiguredException(String.valueOf(e.getMessage()), e);
    }
  }

  private Instant now() {
    return timer.clock().instant();
  }
}
