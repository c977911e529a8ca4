package org.spinor.plugins.testbed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A real OAR on this machine, with a PostgreSQL of its own: one host that says it has 16 cores, in
 * the queue {@code default}. All of it runs as this account.
 */
public final class OarCluster implements AutoCloseable {
  private final DaemonFolder daemons = new DaemonFolder("spinor-oar");
  private final Path folder = daemons.path();

  public OarCluster() {
    Shell.need(
        "postgresql",
        "oar-server",
        "oar-server-pgsql",
        "oar-user",
        "oar-user-pgsql",
        "liboar-perl");
    script(Integer.toString(Shell.freePort()), Integer.toString(Shell.freePort()));
    awaitServer();
  }

  private void script(String... arguments) {
    String[] command = new String[arguments.length + 3];
    command[0] = "sh";
    command[1] = Shell.script("oar.sh");
    command[2] = folder.toString();
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    Shell.works(Map.of(), command);
  }

  private void awaitServer() {
    Shell.eventually(
        "a server that works",
        Duration.ofMinutes(2),
        () ->
            Files.exists(folder.resolve("log"))
                && Shell.run(Map.of(), "grep", "-q", "meta_sched", folder + "/log").code() == 0);
  }

  public void startServer() {
    script("start");
  }

  public void stopServer() {
    script("stop");
  }

  public Path folder() {
    return folder;
  }

  /** Where its commands are. */
  public Path programs() {
    return folder.resolve("bin");
  }

  @Override
  public void close() {
    script("end");
    daemons.close();
  }
}
