package org.spinor.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.spinor.plugins.testbed.Shell;

/** Network namespaces of this machine: hosts that reach each other only as they are connected. */
final class Namespaces implements AutoCloseable {
  private final String prefix;
  private final List<String> names = new ArrayList<>();
  private int links;

  private Namespaces(String prefix) {
    this.prefix = prefix;
  }

  /** Skips the test where they cannot be made. */
  static Namespaces make() {
    Shell.need("iproute2");
    Namespaces made = new Namespaces("sp" + ProcessHandle.current().pid() % 100_000);
    String probe = made.prefix + "probe";
    Shell.Result result = Shell.run(Map.of(), "ip", "netns", "add", probe);
    Assumptions.assumeTrue(
        result.code() == 0,
        "needs network namespaces, so root and CAP_SYS_ADMIN: " + result.output());
    Shell.works(Map.of(), "ip", "netns", "delete", probe);
    return made;
  }

  /** A host without any network, its own loopback included. */
  String host(String name) {
    String whole = prefix + name;
    Shell.works(Map.of(), "ip", "netns", "add", whole);
    names.add(whole);
    return whole;
  }

  /**
   * A cable between two hosts.
   *
   * @param one a host; empty: this machine
   * @param addressOfOne with the length of the net, as {@code 10.77.1.1/24}; so the other
   */
  void connect(String one, String addressOfOne, String other, String addressOfOther) {
    String here = prefix + "v" + links++;
    String there = prefix + "v" + links++;
    Shell.works(Map.of(), "ip", "link", "add", here, "type", "veth", "peer", "name", there);
    place(one, here, addressOfOne);
    place(other, there, addressOfOther);
  }

  private static void place(String host, String link, String address) {
    if (!host.isEmpty()) {
      Shell.works(Map.of(), "ip", "link", "set", link, "netns", host);
    }
    inside(host, "ip", "address", "add", address, "dev", link);
    inside(host, "ip", "link", "set", link, "up");
  }

  /** A program on a host that must work; what it says. */
  static String inside(String host, String... program) {
    return Shell.works(Map.of(), command(host, program));
  }

  /** A program on a host, however it ends. */
  static Shell.Result tried(String host, String... program) {
    return Shell.run(Map.of(), command(host, program));
  }

  static String[] command(String host, String... program) {
    List<String> command = new ArrayList<>();
    if (!host.isEmpty()) {
      command.addAll(List.of("ip", "netns", "exec", host));
    }
    command.addAll(List.of(program));
    return command.toArray(String[]::new);
  }

  /** Ends what runs on the hosts, and the hosts. */
  @Override
  public void close() {
    for (String name : names) {
      Shell.run(Map.of(), "ip", "netns", "pids", name)
          .output()
          .lines()
          .filter(line -> line.matches("\\d+"))
          .forEach(pid -> Processes.signal(Long.parseLong(pid), "KILL"));
      Shell.run(Map.of(), "ip", "netns", "delete", name);
    }
  }
}
