package org.spinor.cli.edge;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.OutputOption;
import org.spinor.client.Json;
import org.spinor.edge.Edge;
import org.spinor.edge.EdgeMain;
import org.spinor.edge.EdgeSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** {@code spinor edge}. */
@Command(
    name = "edge",
    description = {
      "The way out for pilots on nodes without one: runs on a login node, and passes on what pilots",
      "ask of one server, and nothing else. Needs no login: pilots bring their own secrets."
    },
    footer = {
      "",
      "The queue's parameter Edge tells pilots of it: http://login01:8421, or file:///shared/spool.",
      "The proxies named by https_proxy, http_proxy and no_proxy are used. SIGTERM ends it; it may",
      "be started again at any time.",
      "",
      "Exit codes: 0 it was told to end (--status: it runs), 1 it cannot serve (--status: it does",
      "not run), 2 wrong use.",
      "",
      "Examples:",
      "  spinor edge --server https://spinor.example.org:8000 --listen 10.1.0.1:8421",
      "  spinor edge --server https://spinor.example.org:8000 --spool ~/spinor-spool",
      "  spinor edge --status"
    })
public final class EdgeCommand implements Callable<Integer> {
  /** An edge says every five seconds that it lives. */
  private static final Duration SILENT = Duration.ofSeconds(30);

  private final Context context;

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "",
      description = "The server, as https://host:8000. Needed, but for --status.")
  private String server = "";

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "",
      description =
          "Take requests at this address of the inner network; without a port: 8421; '*': at all"
              + " addresses.")
  private String listen = "";

  @Option(
      names = "--spool",
      paramLabel = "FOLDER",
      defaultValue = "",
      description =
          "Take requests out of this folder, which the nodes share: for nodes without any network.")
  private String spool = "";

  @Option(
      names = "--state",
      paramLabel = "FOLDER",
      description = "Its own folder (default: ~/.spinor/edge).")
  private @Nullable String state;

  @Option(
      names = "--ca",
      paramLabel = "PATH",
      description = "A file or a folder of PEM certificates to trust besides the usual ones.")
  private @Nullable String ca;

  @Option(
      names = "--status",
      description = "Print what the edge with this folder last said of itself.")
  private boolean status;

  @Mixin private OutputOption output = new OutputOption();

  public EdgeCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    Path folder =
        state == null ? EdgeMain.standardState(context.environment()) : context.file(state);
    if (status) {
      return printStatus(folder);
    }
    List<String> problems = new ArrayList<>();
    String shared = spool.isEmpty() ? "" : context.file(spool).toString();
    Optional<EdgeSettings> settings = EdgeSettings.read(server, listen, shared, folder, problems);
    if (settings.isEmpty()) {
      throw Failure.usage(
          problems.getFirst(), problems.subList(1, problems.size()).toArray(String[]::new));
    }
    try {
      EdgeMain.run(
          settings.get(), Optional.ofNullable(ca).map(context::file), context.environment());
    } catch (IOException e) {
      throw new Failure(ExitCode.FAILED, String.valueOf(e.getMessage()));
    }
    return ExitCode.DONE;
  }

  private int printStatus(Path folder) {
    String text =
        Edge.lastStatus(folder)
            .orElseThrow(
                () ->
                    new Failure(
                        ExitCode.FAILED,
                        "no edge ever ran with " + folder,
                        "name its folder: --state FOLDER"));
    JsonNode facts = Json.tree(text);
    output.print(context.terminal(), facts, () -> context.terminal().out().print(lines(facts)));
    return runs(facts) ? ExitCode.DONE : ExitCode.FAILED;
  }

  private String lines(JsonNode facts) {
    Map<String, Object> all = new LinkedHashMap<>();
    facts.properties().forEach(fact -> all.put(fact.getKey(), fact.getValue().asString()));
    String verdict = runs(facts) ? "" : "it does not run: it said so last at " + all.get("now");
    return Edge.lines(all) + (verdict.isEmpty() ? "" : verdict + System.lineSeparator());
  }

  private boolean runs(JsonNode facts) {
    try {
      Instant said = Instant.parse(facts.path("now").asString(""));
      return said.plus(SILENT).isAfter(context.clock().instant());
    } catch (DateTimeParseException | JacksonException e) {
      return false;
    }
  }
}
