package org.spinor.plugins.computing.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.system.BatchCommand;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.PilotReport;

/**
 * The folder on the submission host that has a folder for each pilot. Everything known of a pilot
 * stands there, so nothing is lost with the server, and several servers can share it. Each verb is
 * one command on the host, whatever the number of pilots.
 */
final class Area {
  private static final List<String> SCRIPTS = List.of("area.sh", "host.sh", "run.sh");
  private static final Map<String, String> TEXTS = texts();

  /** Holds a folder for each submission. */
  static final String BATCHES = ".batches";

  private static final String TOOLS = ".tools-" + version();
  private static final String FOLDERS = "[A-Za-z0-9_./+@-]+";

  /** Makes the folders; says whether the scripts are there. */
  private static final String PREPARE =
      """
      umask 077
      mkdir -p "$1/.batches" "$1/.incoming" "$1/.trash" || exit 1
      cd "$1" || exit 1
      [ -e "$2/complete" ] && echo "spinor ready" || echo "spinor bare"
      """;

  /**
   * Unpacks the scripts beside their place and moves them in; whoever comes later is not needed.
   */
  private static final String INSTALL =
      """
      umask 077
      cd "$1" || exit 1
      mkdir ".incoming/tools.$$" && tar -xof "$3" -C ".incoming/tools.$$" || exit 1
      chmod 700 ".incoming/tools.$$"/*.sh
      mkdir -p "$2" && mv ".incoming/tools.$$"/* "$2" && rm -rf "$3" ".incoming/tools.$$" && echo "spinor ready"
      """;

  private final Host host;
  private final Supplier<String> wanted;
  private volatile String path = "";
  private volatile boolean prepared;

  /**
   * @param wanted absolute path of the folder; may ask the host
   */
  Area(Host host, Supplier<String> wanted) {
    this.host = host;
    this.wanted = wanted;
  }

  /** Where it is. */
  Host host() {
    return host;
  }

  /** Absolute, as it is on the submission host. */
  String path() {
    if (path.isEmpty()) {
      String found = wanted.get();
      if (!found.startsWith("/") || !found.matches(FOLDERS)) {
        throw new MisconfiguredException(
            "SharedArea: '" + found + "' has characters that batch systems do not take");
      }
      path = found;
    }
    return path;
  }

  String tools() {
    return path() + "/" + TOOLS;
  }

  String batch(String name) {
    return path() + "/" + BATCHES + "/" + name;
  }

  /** What a claim found. */
  record Claim(Kind kind, String otherBatch) {
    enum Kind {
      /** Ours to submit. */
      NEW,
      /** Submitted before. */
      OLD,
      /** Somebody is submitting it at this moment. */
      BUSY,
      /** Somebody began to submit it; what came of it is not known yet. */
      UNSURE,
      /** The same, long ago. */
      STALE
    }
  }

  /**
   * Takes pilots for oneself.
   *
   * @param batches stamp to name of the batch it would be in
   * @param stale after which a claim of which nothing came may be taken over
   */
  Map<String, Claim> claim(Map<String, String> batches, Duration stale, Deadline deadline) {
    StringBuilder list = new StringBuilder();
    batches.forEach((stamp, batch) -> list.append(stamp).append(' ').append(batch).append('\n'));
    Map<String, Claim> claims = new LinkedHashMap<>();
    for (String line :
        verb("claim", List.of(Long.toString(stale.toMinutes())), list.toString(), deadline)) {
      String[] words = line.split(" ", 3);
      if (words.length < 2 || !batches.containsKey(words[1])) {
        continue;
      }
      String other = words.length > 2 ? words[2] : "";
      switch (words[0]) {
        case "new" -> claims.put(words[1], new Claim(Claim.Kind.NEW, other));
        case "old" -> claims.put(words[1], new Claim(Claim.Kind.OLD, other));
        case "busy" -> claims.put(words[1], new Claim(Claim.Kind.BUSY, other));
        case "unsure" -> claims.put(words[1], new Claim(Claim.Kind.UNSURE, other));
        case "stale" -> claims.put(words[1], new Claim(Claim.Kind.STALE, other));
        case "broken" ->
            throw new MisconfiguredException(
                "cannot make folders in " + path() + " on " + host.title());
        default -> {}
      }
    }
    return claims;
  }

  void unpack(Bundle bundle, Deadline deadline) {
    verb("unpack", List.of(bring(bundle, deadline)), "", deadline);
  }

  private String bring(Bundle bundle, Deadline deadline) {
    String file = path() + "/.incoming/" + UUID.randomUUID() + ".tar";
    host.put(file, bundle.toBytes(), deadline.left());
    return file;
  }

  /**
   * Writes down what the batch system calls pilots.
   *
   * @param jobs by stamp
   */
  void record(Map<String, String> jobs, Deadline deadline) {
    StringBuilder list = new StringBuilder();
    jobs.forEach((stamp, job) -> list.append(stamp).append(' ').append(job).append('\n'));
    verb("record", List.of(), list.toString(), deadline);
  }

  /** Gives claims back of which nothing was submitted. */
  void forget(Collection<String> stamps, Deadline deadline) {
    verb("forget", List.of(), lines(stamps), deadline);
  }

  /** The marks of those pilots that have a folder. */
  Map<String, Marks> look(Collection<String> stamps, Deadline deadline) {
    Map<String, Marks> found = new LinkedHashMap<>();
    if (!stamps.isEmpty()) {
      for (String line : verb("look", List.of(), lines(stamps), deadline)) {
        Marks.parse(line).ifPresent(marks -> found.put(marks.stamp(), marks));
      }
    }
    return found;
  }

  void setCancelled(Collection<String> stamps, Deadline deadline) {
    verb("cancelled", List.of(), lines(stamps), deadline);
  }

  /**
   * Writes down how pilots ended that could not do so themselves.
   *
   * @param ends by stamp
   */
  void setLost(Map<String, PilotReport> ends, Deadline deadline) {
    StringBuilder list = new StringBuilder();
    ends.forEach(
        (stamp, report) ->
            list.append(stamp).append(' ').append(Marks.written(report)).append('\n'));
    verb("lost", List.of(), list.toString(), deadline);
  }

  /**
   * Looks for words in outputs of jobs.
   *
   * @param files by stamp, relative to this folder
   * @param form extended regular expression of POSIX for a part of a line
   * @return by stamp, the first line of the form near the end of its file
   */
  Map<String, String> grep(Map<String, String> files, String form, Deadline deadline) {
    StringBuilder list = new StringBuilder();
    files.forEach((stamp, file) -> list.append(stamp).append(' ').append(file).append('\n'));
    Map<String, String> found = new LinkedHashMap<>();
    for (String line : verb("grep", List.of(form), list.toString(), deadline)) {
      String[] words = line.split("\\|", 3);
      if (words.length == 3 && words[0].equals("words") && files.containsKey(words[1])) {
        found.put(words[1], words[2].strip());
      }
    }
    return found;
  }

  void purge(Collection<String> stamps, Deadline deadline) {
    verb("purge", List.of(), lines(stamps), deadline);
  }

  /** Removes what ended long ago and nobody purged. */
  void purgeOlder(Duration age, Deadline deadline) {
    verb("purge", List.of(Long.toString(age.toMinutes())), "", deadline);
  }

  /** The stamps of a batch, in the order of its tasks; empty: it was never written. */
  List<String> members(String batch, Deadline deadline) {
    return host.tail(batch(batch) + "/list", 1024 * 1024, deadline.left()).text().lines().toList();
  }

  Host.Tail tail(String name, int maxBytes, Deadline deadline) {
    return host.tail(path() + "/" + name, maxBytes, deadline.left());
  }

  private List<String> verb(String verb, List<String> arguments, String input, Deadline deadline) {
    prepare(deadline);
    BatchCommand command =
        BatchCommand.of("sh", tools() + "/area.sh", verb, path()).and(arguments).reading(input);
    Host.Answer answer = host.run(command, deadline.left());
    List<String> lines = answer.output().lines().toList();
    if (answer.exitCode() != 0 || lines.isEmpty() || !lines.getLast().equals("end")) {
      // Somebody may have removed the scripts: next time they are looked for.
      prepared = false;
      throw new TemporaryException(
          "the folder of pilots " + path() + " on " + host.title() + ": " + answer.words());
    }
    return lines.subList(0, lines.size() - 1);
  }

  /** Makes the folders and brings the scripts, where they are not there. */
  void prepare(Deadline deadline) {
    if (prepared) {
      return;
    }
    Host.Answer answer =
        host.run(BatchCommand.of("sh", "-s", path(), TOOLS).reading(PREPARE), deadline.left());
    if (answer.output().contains("spinor bare")) {
      Bundle scripts = new Bundle();
      SCRIPTS.forEach(name -> scripts.file("", name, TEXTS.getOrDefault(name, "")));
      scripts.file("", "complete", "");
      answer =
          host.run(
              BatchCommand.of("sh", "-s", path(), TOOLS, bring(scripts, deadline)).reading(INSTALL),
              deadline.left());
    }
    if (!answer.output().contains("spinor ready")) {
      throw new MisconfiguredException(
          "cannot keep pilots in " + path() + " on " + host.title() + ": " + answer.words());
    }
    prepared = true;
  }

  private static String lines(Collection<String> stamps) {
    return String.join("\n", stamps) + "\n";
  }

  private static Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : SCRIPTS) {
      try (InputStream text = Area.class.getResourceAsStream(name)) {
        if (text == null) {
          throw new IllegalStateException(name + " is missing in the plug-in");
        }
        texts.put(name, new String(text.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Map.copyOf(texts);
  }

  /** Changes with any of the scripts, so that pilots of two versions of this plug-in get along. */
  private static String version() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      List<String> names = new ArrayList<>(SCRIPTS);
      names.forEach(
          name -> digest.update(TEXTS.getOrDefault(name, "").getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest(), 0, 5);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
