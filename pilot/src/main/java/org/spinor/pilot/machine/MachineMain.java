package org.spinor.pilot.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.spinor.api.SpinorException;
import org.spinor.client.Surroundings;

/** {@code spinor-pilot run}: this machine runs pilots of a server. */
public final class MachineMain {
  private static final int WRONG_USE = 2;

  private MachineMain() {}

  /**
   * Runs until the machine is stopped, refused or idle for long enough.
   *
   * @return the exit code of the process
   */
  public static int run(List<String> arguments, Map<String, String> environment)
      throws InterruptedException {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      System.out.print(MachineSettings.HELP);
      return MachineAgent.DONE;
    }
    String host = host(environment);
    try {
      MachineSettings settings = MachineSettings.of(arguments, environment, host);
      Surroundings.apply(environment, settings.ca());
      try (MachineIdentity identity = MachineIdentity.in(settings.state())) {
        MachineAgent agent =
            new MachineAgent(settings, identity, environment, host, MachineMain::say);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(agent), "signal"));
        int code = agent.run();
        agent.endedByItself();
        return code;
      }
    } catch (IllegalArgumentException e) {
      String.valueOf(e.getMessage()).lines().forEach(line -> System.err.println("spinor: " + line));
      System.err.println("spinor: 'spinor-pilot run --help' shows what there is");
      return WRONG_USE;
    } catch (IOException | SpinorException e) {
      System.err.println("spinor: " + e.getMessage());
      return MachineAgent.REFUSED;
    }
  }

  /** A signal ends the process: in good order, which is no failure. */
  private static void stop(MachineAgent agent) {
    try {
      if (agent.stop()) {
        Runtime.getRuntime().halt(MachineAgent.DONE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      System.err.println("spinor: " + e.getMessage());
    }
  }

  private static String host(Map<String, String> environment) {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return environment.getOrDefault("HOSTNAME", "");
    }
  }

  private static void say(String line) {
    System.err.println("spinor: " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + line);
  }
}
