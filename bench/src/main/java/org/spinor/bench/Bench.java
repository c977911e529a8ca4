package org.spinor.bench;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.spinor.client.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command {@code spinor bench}. */
@Command(
    name = "spinor bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures a server of its own: starts it on a temporary data folder, loads it over HTTP, stops it.",
      "Client, server and database share this machine; every answer counted was committed.",
      ""
    },
    footer = {
      "",
      "submit        --jobs in bulk calls, then single jobs from --clients",
      "              connections for --seconds",
      "match         --clients pilots ask for work while --jobs wait in --classes",
      "              requirement classes",
      "swarm         --jobs running jobs send their heartbeats as fast as",
      "              --clients connections can",
      "diracx        the same requests to Spinor and to a DiracX server from PyPI,",
      "              with 2500 and with --jobs jobs in the table; needs Debian's",
      "              python3-venv, git and mariadb-server",
      "provisioning  --queues queues at sites that exist in memory only, of which",
      "              three in twenty misbehave: how soon pilots come to the others",
      "              once there are --jobs, and what a cycle costs",
      "edge          memory of an edge agent that relays for 100, 1000 and --jobs",
      "              jobs at ten times the usual pace, at full speed (each level",
      "              --seconds long), and while the server is away",
      "",
      "Examples:",
      "  spinor bench submit --jobs 200000",
      "  spinor bench match --jobs 1000000 --classes 5000 --json",
      "  spinor bench diracx --clients 16 --only search,summary"
    })
public final class Bench implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "submit, match, swarm, diracx, provisioning or edge")
  private String name;

  @Option(
      names = "--jobs",
      description =
          "Jobs of the benchmark; default 200000, 1000000 for match and diracx, 20000 for swarm and provisioning, 10000 for edge")
  private int jobs;

  @Option(
      names = "--classes",
      defaultValue = "5000",
      description = "Requirement classes of match (default ${DEFAULT-VALUE})")
  private int classes;

  @Option(
      names = "--queues",
      defaultValue = "1000",
      description = "Queues of provisioning, five a site (default ${DEFAULT-VALUE})")
  private int queues;

  @Option(
      names = "--clients",
      defaultValue = "64",
      description = "Connections (default ${DEFAULT-VALUE})")
  private int clients;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description = "Length of the measured part (default ${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "OPERATION",
      description =
          "Operations of diracx: userinfo, config, search, search_failed, summary, submit, submit_20; default all")
  private List<String> only = List.of();

  @Option(names = "--json", description = "One JSON object on stdout instead of the table")
  private boolean json;

  @Option(names = "--keep", description = "Leave the data folder behind")
  private boolean keep;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields
  private Bench() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Bench())
            .setExecutionExceptionHandler(Bench::failed)
            .execute(arguments));
  }

  @Override
  public void run() {
    SequencedMap<String, Object> figures =
        switch (name) {
          case "submit" -> measure(new SubmitBench(jobs(200_000), clients, seconds));
          case "match" -> measure(new MatchBench(jobs(1_000_000), classes, clients, seconds));
          case "swarm" -> measure(new SwarmBench(jobs(20_000), clients, seconds));
          case "diracx" ->
              new DiracxBench(jobs(1_000_000), clients, seconds, operations()).run(keep);
          case "provisioning" -> new ProvisioningBench(jobs(20_000), queues, seconds).run(keep);
          case "edge" -> new EdgeBench(jobs(10_000), seconds).run(keep);
          default ->
              throw new ParameterException(
                  spec.commandLine(),
                  "no benchmark '"
                      + name
                      + "'; there are submit, match, swarm, diracx, provisioning and edge");
        };
    if (json) {
      System.out.println(Json.write(figures));
    } else {
      for (Map.Entry<String, Object> figure : figures.entrySet()) {
        System.out.printf("%-22s %s%n", figure.getKey(), figure.getValue());
      }
    }
  }

  private static int failed(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    if (failure instanceof MissingException missing) {
      System.err.println(
          "spinor bench " + parsed.originalArgs().getFirst() + ": " + missing.getMessage());
      return command.getCommandSpec().exitCodeOnExecutionException();
    }
    throw failure;
  }

  private List<Operation> operations() {
    List<String> known = Operation.ALL.stream().map(Operation::name).toList();
    for (String wanted : only) {
      if (!known.contains(wanted)) {
        throw new ParameterException(
            spec.commandLine(),
            "no operation '" + wanted + "'; there are " + String.join(", ", known));
      }
    }
    return Operation.ALL.stream()
        .filter(operation -> only.isEmpty() || only.contains(operation.name()))
        .toList();
  }

  private int jobs(int otherwise) {
    return jobs == 0 ? otherwise : jobs;
  }

  private SequencedMap<String, Object> measure(Benchmark benchmark) {
    try (ServerUnderLoad server = ServerUnderLoad.start(keep)) {
      return benchmark.run(server);
    }
  }

  /** One benchmark: loads the server and says what it saw. */
  interface Benchmark {
    SequencedMap<String, Object> run(ServerUnderLoad server);
  }
}
