package org.spinor.pilot;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.spinor.api.Assignment;
import org.spinor.api.JobId;
import org.spinor.api.PilotAnswer;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.WorkAnswer;
import org.spinor.api.WorkRequest;
import org.spinor.client.Json;
import org.spinor.client.ServerUnreachableException;
import org.spinor.jdl.Jdl;
import org.spinor.pilot.link.ServerLink;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.log.LogSpool;
import org.spinor.pilot.node.Host;
import org.spinor.pilot.node.Node;
import org.spinor.pilot.node.NodeOverrides;
import org.spinor.pilot.node.NodeProbe;
import org.spinor.pilot.node.TimeLeft;
import org.spinor.pilot.payload.FileTree;
import org.spinor.pilot.payload.ProcessTable;
import org.spinor.pilot.sandbox.ArchiveException;
import org.spinor.pilot.sandbox.Packer;
import org.spinor.pilot.sandbox.Selection;
import org.spinor.pilot.sandbox.Unpacker;

/**
 * Runs every part of the pilot once, without a server: proves that a bundle has all it needs, and
 * shows the build which classes a pilot's start loads.
 */
final class SelfCheck {
  private SelfCheck() {}

  static void run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("spinor-check");
    try {
      log(folder);
      Node node = node(folder);
      network(node);
      sandbox(folder);
      new ProcessTable();
      if (!Jdl.parse("Executable = \"a\";").string("Executable").orElse("").equals("a")) {
        throw new IllegalStateException("the job description language does not work");
      }
    } finally {
      FileTree.delete(folder);
    }
  }

  private static void log(Path folder) throws IOException {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    try (LogSpool spool = new LogSpool(folder.resolve("log"), 10_000, nowhere)) {
      new Log("check", InstantSource.system(), spool).info("line");
      spool.acknowledge(spool.next(100).offset());
    }
  }

  private static Node node(Path folder) {
    Host host = Host.real();
    new TimeLeft(host, InstantSource.system(), InstantSource.system().instant(), Optional.empty())
        .left();
    return new NodeProbe(host, NodeOverrides.none()).probe(folder, 1);
  }

  private static void network(Node node) {
    try {
      SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    Json.write(new PilotHeartbeat(List.of(), node.asText()));
    Assignment job = new Assignment(new JobId(1), 1, "", "", "", "", "", 1, 0, 0, 0, 60);
    Json.read(Json.write(new WorkAnswer(List.of(job), 1, false, "")), WorkAnswer.class);
    Json.read(Json.write(new PilotAnswer(false, List.of(), List.of(), 60)), PilotAnswer.class);
    Json.write(Map.of("id", new JobId(1)));
    URI nobody = URI.create("http://127.0.0.1:1/");
    ServerLink link =
        new ServerLink(nobody, "check", "check", Duration.ofSeconds(1), InstantSource.system());
    try {
      link.askForWork(
          new WorkRequest(
              "x",
              new Offers(
                      node,
                      WorkSettings.of(OptionValues.read(List.of(), Map.of())),
                      new TimeLeft(
                          Host.real(),
                          InstantSource.system(),
                          InstantSource.system().instant(),
                          Optional.empty()),
                      Duration.ZERO,
                      true)
                  .of(new Slots(1, 1000, true, 1)),
              1));
      throw new IllegalStateException("something answers where nothing should");
    } catch (ServerUnreachableException e) {
      // as it should be
    }
  }

  private static void sandbox(Path folder) throws IOException {
    Path from = Files.createDirectory(folder.resolve("from"));
    Files.writeString(from.resolve("\u00fc.txt"), "text");
    Path archive = folder.resolve("archive");
    new Packer(100_000).pack(from, Selection.of(from, List.of("*")).found(), archive);
    Path to = Files.createDirectory(folder.resolve("to"));
    try {
      new Unpacker(100_000, 10).unpack(archive, to);
    } catch (ArchiveException e) {
      throw new IllegalStateException(e);
    }
    if (!Files.readString(to.resolve("\u00fc.txt")).equals("text")) {
      throw new IllegalStateException("what was packed does not come back");
    }
  }
}
