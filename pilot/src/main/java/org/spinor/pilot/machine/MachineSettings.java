package org.spinor.pilot.machine;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code spinor-pilot run} is told.
 *
 * @param name as operators shall see the machine
 * @param site where its owner would like to see it
 * @param secretFile with the secret of a VO that lets it in at once
 * @param state folder of what it keeps over restarts
 * @param idle ends after so long without a pilot; empty: never
 * @param stopGrace on SIGTERM, how long jobs may go on
 * @param ca certificates to trust besides the usual ones
 * @param cache folder of bundles; empty: the bootstrap's choice
 * @param pilotOptions for every pilot, separated by blanks
 */
record MachineSettings(
    URI server,
    String name,
    Optional<String> site,
    Optional<Path> secretFile,
    Path state,
    Optional<Duration> idle,
    Duration stopGrace,
    Optional<Path> ca,
    Optional<String> cache,
    String pilotOptions) {

  private static final Pattern TIME = Pattern.compile("(\\d{1,9})([smhd]?)");
  private static final List<String> KNOWN =
      List.of(
          "server",
          "name",
          "site",
          "secret-file",
          "state",
          "idle",
          "stop-grace",
          "ca",
          "cache-dir");

  static final String HELP =
      """
      spinor-pilot run: makes this machine run pilots of a Spinor server, one after the other.

      The first time it shows a code; an operator lets the machine in with
          spinor pilots approve CODE --site SITE
      and it is let in for good: what it keeps in its state folder says who it is. With a secret of
      the VO (--secret-file) no operator is asked.

        --server URL         The server's address, as https://host:8000. Needed.
        --site SITE          Where this machine should be; the operator decides.
        --name NAME          How people call this machine [its host name].
        --secret-file FILE   A secret of the VO, for images of virtual machines.
        --state DIR          What it keeps over restarts, for itself alone
                             [~/.local/state/spinor/..., without a home /var/lib/spinor/...].
        --idle TIME          End after so long without a pilot to run, as 30m: for virtual machines
                             that switch themselves off then [never].
        --stop-grace TIME    On SIGTERM, how long jobs may go on before they are given back to the
                             server, at no cost to their owners [60s].
        --ca FILE            Certificates (PEM) to trust besides the usual ones.
        --cache-dir DIR      Where the pilot's program is kept [below TMPDIR or /tmp].
        -- OPTIONS           Everything after -- are options of the pilots, as --cores=4.

      Example:
        spinor-pilot run --server https://spinor.example.org:8000 --site VAC.Desks.org -- --cores=4

      Exit codes: 0 it was stopped, or idle for long enough; 1 it was refused; 2 wrong use.
      """;

  /**
   * @throws IllegalArgumentException with all problems
   */
  static MachineSettings of(List<String> arguments, Map<String, String> environment, String host) {
    List<String> problems = new ArrayList<>();
    Map<String, String> values = new HashMap<>();
    String pilotOptions = read(arguments, values, problems);
    URI server = server(values.getOrDefault("server", ""), problems);
    Duration idle = time(values, "idle", problems);
    Duration grace = time(values, "stop-grace", problems);
    for (String name : List.of("state", "secret-file")) {
      if (values.getOrDefault(name, "").matches(".*[\\s,].*")) {
        problems.add("--" + name + ": a path with blanks or commas cannot be used here");
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    String name = values.getOrDefault("name", host.isEmpty() ? "unknown" : host);
    return new MachineSettings(
        server,
        name,
        Optional.ofNullable(values.get("site")),
        Optional.ofNullable(values.get("secret-file")).map(Path::of),
        values.containsKey("state")
            ? Path.of(values.getOrDefault("state", "")).toAbsolutePath().normalize()
            : usualState(server, environment, host),
        idle.isZero() ? Optional.empty() : Optional.of(idle),
        values.containsKey("stop-grace") ? grace : Duration.ofSeconds(60),
        Optional.ofNullable(values.get("ca")).map(ca -> Path.of(ca).toAbsolutePath()),
        Optional.ofNullable(values.get("cache-dir")),
        pilotOptions);
  }

  private static String read(
      List<String> arguments, Map<String, String> values, List<String> problems) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        return String.join(" ", arguments.subList(i + 1, arguments.size()));
      }
      int equals = argument.indexOf('=');
      String key = equals < 0 ? argument : argument.substring(0, equals);
      String name = key.startsWith("--") ? key.substring(2) : "";
      if (!KNOWN.contains(name)) {
        problems.add(
            "there is no option "
                + argument
                + "; there are --"
                + String.join(", --", KNOWN)
                + ", and options of the pilots after --");
      } else if (equals >= 0) {
        values.put(name, argument.substring(equals + 1));
      } else if (i + 1 < arguments.size()) {
        values.put(name, arguments.get(++i));
      } else {
        problems.add(key + " has no value");
      }
    }
    return "";
  }

  private static URI server(String text, List<String> problems) {
    String address = text.replaceAll("/+$", "");
    if (address.isEmpty()) {
      problems.add("--server is needed, as https://host:8000");
    } else {
      try {
        URI uri = URI.create(address);
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (web && uri.getHost() != null && uri.getPath().isEmpty()) {
          return uri;
        }
      } catch (IllegalArgumentException e) {
        // told below
      }
      problems.add("--server: '" + text + "' is no address such as https://host:8000");
    }
    return URI.create("http://localhost");
  }

  private static Duration time(Map<String, String> values, String name, List<String> problems) {
    String text = values.getOrDefault(name, "0");
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      problems.add("--" + name + " takes a time such as 90s, 5m, 2h or 3d, not " + text);
      return Duration.ZERO;
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofSeconds(count);
    };
  }

  /** One for each server and host: a home folder may be shared by many machines. */
  private static Path usualState(URI server, Map<String, String> environment, String host) {
    String home = environment.getOrDefault("HOME", "");
    Path base =
        environment.containsKey("XDG_STATE_HOME")
            ? Path.of(environment.getOrDefault("XDG_STATE_HOME", ""), "spinor")
            : home.isEmpty() || home.equals("/")
                ? Path.of("/var/lib/spinor")
                : Path.of(home, ".local", "state", "spinor");
    String port = server.getPort() < 0 ? "" : "-" + server.getPort();
    return base.resolve("machine-" + host + "-at-" + server.getHost() + port);
  }
}
