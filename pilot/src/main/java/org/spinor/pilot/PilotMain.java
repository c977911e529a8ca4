package org.spinor.pilot;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.spinor.api.CompanionPilot;
import org.spinor.client.Surroundings;
import org.spinor.pilot.log.Log;
import org.spinor.pilot.log.LogSpool;
import org.spinor.pilot.machine.MachineMain;
import org.spinor.pilot.node.Host;

/**
 * The pilot's command. Exit codes: 0 it ended as it should, 1 the node or the server does not let
 * it work, 2 wrong use.
 */
public final class PilotMain {
  private PilotMain() {}

  public static void main(String[] arguments) throws Exception {
    List<String> options = List.of(arguments);
    if (!options.isEmpty() && options.getFirst().equals("run")) {
      System.exit(MachineMain.run(options.subList(1, options.size()), System.getenv()));
      return;
    }
    if (options.contains("--help")) {
      help(System.out);
      return;
    }
    if (options.contains("--version")) {
      System.out.println("spinor-pilot " + version());
      return;
    }
    if (options.contains("--check")) {
      SelfCheck.run();
      System.out.println("spinor-pilot " + version() + " works here");
      return;
    }
    PilotSettings settings;
    String secret;
    try {
      settings = PilotSettings.of(OptionValues.read(options, System.getenv()));
      secret = secret(settings);
      Surroundings.apply(System.getenv(), settings.ca());
    } catch (IllegalArgumentException | IOException e) {
      System.err.println("spinor-pilot: " + e.getMessage());
      System.exit(Pilot.WRONG_USE);
      return;
    }
    System.exit(run(settings, secret));
  }

  private static int run(PilotSettings settings, String secret)
      throws IOException, InterruptedException {
    PilotSettings.Place place = settings.place();
    Files.createDirectories(place.workDir());
    LogSpool spool = // open until the process ends: the signal handler logs too
        new LogSpool(place.workDir().resolve("pilot.log"), place.logLimitBytes(), System.err);
    if (place.bootstrapLog().isPresent() && Files.isReadable(place.bootstrapLog().get())) {
      spool.append(Files.readAllBytes(place.bootstrapLog().get()));
    }
    Log log = new Log("pilot", InstantSource.system(), spool);
    PilotSettings own = settings;
    String ownSecret = secret;
    if (settings.nodeNumber() > 0) {
      try {
        CompanionPilot companion = Companion.of(settings, secret, Pilot.REQUEST_LIMIT, log);
        own = settings.as(companion.stamp());
        ownSecret = companion.secret();
      } catch (RuntimeException e) {
        log.error(
            "node " + settings.nodeNumber() + " of the allocation gets no pilot of its own", e);
        return Pilot.FAILED;
      }
    }
    Pilot pilot = new Pilot(own, ownSecret, Host.real(), spool, log, version());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> terminate(pilot), "signal"));
    return pilot.run();
  }

  private static void terminate(Pilot pilot) {
    try {
      pilot.terminate("the pilot was told to stop by a signal");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String secret(PilotSettings settings) throws IOException {
    Path file = settings.secretFile();
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException("--secret-file: " + file + " cannot be read");
    }
    String secret = Files.readString(file).strip();
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("--secret-file: " + file + " is empty");
    }
    if (file.toAbsolutePath().normalize().startsWith(settings.place().workDir())) {
      Files.delete(file); // payloads run below the work directory, under the same account
    }
    return secret;
  }

  static String version() {
    String version = PilotMain.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private static void help(PrintStream out) {
    out.println(
        """
        spinor-pilot: takes jobs from a Spinor server and runs them on this machine.

        Options, each as --name=value, as SPINOR_PILOT_NAME in the environment (dashes become
        underscores), or as name in the file given with --config. Times are 90, 90s, 5m, 2h or 3d;
        lists are separated by commas. Standard values stand in brackets.
        """);
    Arrays.stream(Option.values()).map(Option::helpLine).forEach(out::println);
    out.println(
        """

        run as the first word makes this machine run pilots one after the other: run --help.
        --check runs every part once without a server; --version and --help do what they say.
        The proxies named by https_proxy, http_proxy and no_proxy are used.
        SIGTERM ends the pilot: jobs that run are given back to the server.
        Exit codes: 0 done, 1 the node or the server does not let it work, 2 wrong use.""");
  }
}
