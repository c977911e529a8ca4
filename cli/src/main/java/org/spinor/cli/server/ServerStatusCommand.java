package org.spinor.cli.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.OutputOption;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.SpinorClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code spinor server status}. */
@Command(
    name = "status",
    description = "Ask a running server how it is.",
    footer = {
      "",
      "Exit codes: 0 it is ready, 1 it runs and is not ready, 4 there is none.",
      "",
      "Example:",
      "  spinor server status"
    })
final class ServerStatusCommand implements Callable<Integer> {
  private final Context context;
  @Mixin private OutputOption output = new OutputOption();
  @Mixin private ServerOption server = new ServerOption();

  ServerStatusCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    SpinorClient client = server.open(context).client();
    Map<String, Boolean> probes = new LinkedHashMap<>();
    for (String probe : List.of("live", "startup", "ready")) {
      probes.put(probe, client.healthy(probe));
    }
    boolean ready = probes.values().stream().allMatch(Boolean::booleanValue);
    List<String> vos =
        ready
            ? client.login().virtualOrganizations().propertyStream().map(Map.Entry::getKey).toList()
            : List.of();
    Map<String, Object> data = new LinkedHashMap<>(probes);
    data.put("server", client.server().toString());
    data.put("vos", vos);
    Terminal terminal = context.terminal();
    output.print(
        terminal,
        data,
        () -> {
          terminal
              .out()
              .println(
                  client.server()
                      + " is "
                      + (ready
                          ? terminal.styled(Style.GREEN, "ready")
                          : terminal.styled(Style.YELLOW, "not ready")));
          probes.forEach(
              (probe, yes) -> terminal.out().println("  " + probe + ": " + (yes ? "yes" : "no")));
          if (!vos.isEmpty()) {
            terminal.out().println("  VOs: " + String.join(", ", vos));
          }
        });
    return ready ? ExitCode.DONE : ExitCode.FAILED;
  }
}
