package org.spinor.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The same requests, to a real DiracX and to us: answers agree but for the differences listed. */
@ExtendWith({SharedServer.Given.class, PythonEnvironment.Given.class})
class PeerIT {
  @Test
  void answersAgreeWithDiracx(SharedServer server, PythonEnvironment python, @TempDir Path folder)
      throws Exception {
    Set<String> found = new LinkedHashSet<>();
    List<Step> steps = Step.read();
    try (Peer peer =
        new Peer(python, Files.createDirectory(folder.resolve("peer")), SharedServer.PEOPLE)) {
      Player theirs = new Player(peer.url(), peer::token);
      Player ours =
          new Player(server.url(), who -> server.token(who.split(" ")[0], who.split(" ")[1]));
      for (Step step : steps) {
        Answer expected = theirs.play(step);
        ours.play(step)
            .differences(expected)
            .forEach(difference -> found.add((step.name() + " | " + difference).strip()));
      }
    }
    assertThat(steps).hasSizeGreaterThan(60);
    assertThat(Differences.read("peer-differences.txt").problems(found)).isEmpty();
  }
}
