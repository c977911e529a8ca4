package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.spinor.pilot.node.Host;

/**
 * Containers of Podman that outlived their pilots. Podman keeps one for ever whose watcher was
 * killed; where a whole slot is killed, the guard that would remove it is killed, too. So each says
 * whose it is, and the next pilot that uses Podman removes what nobody owns any more.
 */
final class LostContainers {
  private static final String LABEL = "org.spinor.pilot";
  private static final Path PROC = Path.of("/proc");
  private static final Optional<Owner> SELF = Owner.self();

  private LostContainers() {}

  /**
   * A process that no other can be taken for.
   *
   * @param numbering of its machine since the start and its namespace: what its id is unique in
   */
  private record Owner(String numbering, long pid, long startTicks) {
    static Optional<Owner> self() {
      try {
        String boot = Files.readString(PROC.resolve("sys/kernel/random/boot_id")).strip();
        String namespace = Files.readSymbolicLink(PROC.resolve("self/ns/pid")).toString();
        ProcessInfo process = ProcessInfo.parse(stat(ProcessHandle.current().pid()));
        return Optional.of(
            new Owner(
                boot + namespace.replaceAll("[^0-9]+", "/"), process.pid(), process.startTicks()));
      } catch (IOException e) {
        return Optional.empty(); // no /proc
      }
    }

    static Optional<Owner> parse(String label) {
      String[] parts = label.split(" ");
      return parts.length == 3 && parts[1].matches("\\d{1,9}") && parts[2].matches("\\d{1,18}")
          ? Optional.of(new Owner(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2])))
          : Optional.empty();
    }

    /** Whether it cannot live: processes that this one does not see may. */
    boolean isGone(Owner self) {
      if (!numbering.equals(self.numbering)) {
        return !boot().equals(self.boot());
      }
      try {
        ProcessInfo now = ProcessInfo.parse(stat(pid));
        return now.startTicks() != startTicks || !now.alive();
      } catch (IOException e) {
        return true;
      }
    }

    private String boot() {
      return numbering.replaceFirst("/.*", "");
    }

    private static String stat(long pid) throws IOException {
      return Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
      return numbering + " " + pid + " " + startTicks;
    }
  }

  /** Options of {@code podman run} by which a container is known as this pilot's. */
  static List<String> label() {
    return SELF.map(self -> List.of("--label=" + LABEL + "=" + self)).orElse(List.of());
  }

  /** Removes those of pilots that are gone. */
  static void remove() {
    SELF.ifPresent(LostContainers::remove);
  }

  private static void remove(Owner self) {
    String label = "{{index .Labels \"" + LABEL + "\"}}";
    podman("ps", "--all", "--filter=label=" + LABEL, "--format={{.ID}} " + label).stream()
        .flatMap(String::lines)
        .map(line -> line.split(" ", 2))
        .filter(line -> line.length == 2)
        .filter(line -> Owner.parse(line[1]).filter(owner -> owner.isGone(self)).isPresent())
        .forEach(line -> remove(line[0]));
  }

  /**
   * Ends and removes one, if it is there.
   *
   * @param name or id
   */
  static void remove(String name) {
    podman("rm", "--force", "--time=0", "--ignore", name);
  }

  private static Optional<String> podman(String... arguments) {
    List<String> command = new ArrayList<>(List.of("podman"));
    command.addAll(List.of(arguments));
    return Host.real().commands().run(command);
  }
}
