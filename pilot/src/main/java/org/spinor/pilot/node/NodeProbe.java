package org.spinor.pilot.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what the node is. Nothing here fails: what cannot be found is left empty. */
public final class NodeProbe {
  private static final List<String> CONTAINERS =
      List.of("apptainer", "singularity", "podman", "bwrap", "docker");

  private final Host host;
  private final NodeOverrides overrides;

  public NodeProbe(Host host, NodeOverrides overrides) {
    this.host = host;
    this.overrides = overrides;
  }

  /**
   * @param workDir whose file system counts as scratch space
   * @param cpuPower measured or told
   */
  public Node probe(Path workDir, double cpuPower) {
    Optional<BatchSystem> batch = BatchSystem.detect(host);
    String arch = System.getProperty("os.arch", "").replace("amd64", "x86_64");
    return new Node(
        name(),
        osName(),
        System.getProperty("os.version", ""),
        arch,
        cpuModel(),
        overrides.platforms().isEmpty() ? platforms(arch) : overrides.platforms(),
        cores(batch),
        memoryMb(batch),
        overrides.diskMb() > 0 ? overrides.diskMb() : workDir.toFile().getUsableSpace() / 1_000_000,
        gpus(),
        CONTAINERS.stream().filter(host::hasProgram).toList(),
        cvmfs(),
        cpuPower,
        batch.map(system -> new Node.Batch(system.toString(), system.id(host))));
  }

  /** The cores that the pilot may use, without the rest of the description. */
  public int cores() {
    return cores(BatchSystem.detect(host));
  }

  private int cores(Optional<BatchSystem> batch) {
    if (overrides.cores() > 0) {
      return overrides.cores();
    }
    long allowed = new Limits(host).cores();
    long given = batch.flatMap(system -> system.cores(host)).filter(n -> n > 0).orElse(allowed);
    return (int) Math.min(allowed, given);
  }

  private long memoryMb(Optional<BatchSystem> batch) {
    if (overrides.memoryMb() > 0) {
      return overrides.memoryMb();
    }
    long allowed = new Limits(host).memoryBytes() / 1_000_000;
    return Math.min(allowed, batch.flatMap(system -> system.memoryMb(host)).orElse(allowed));
  }

  /** As the name service has it; at home it often knows nothing, but the kernel does. */
  private String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return host.file("/proc/sys/kernel/hostname")
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .orElse("unknown");
    }
  }

  private String osName() {
    String release = host.file("/etc/os-release").orElse("");
    Matcher pretty = Pattern.compile("(?m)^PRETTY_NAME=\"?([^\"\\n]+)").matcher(release);
    return pretty.find() ? pretty.group(1) : System.getProperty("os.name", "unknown");
  }

  private String cpuModel() {
    String info = host.file("/proc/cpuinfo").orElse("");
    Matcher model =
        Pattern.compile("(?m)^(?:model name|cpu model|Model)\\s*:\\s*(.+)$").matcher(info);
    return model.find() ? model.group(1).strip() : "unknown";
  }

  private List<String> platforms(String arch) {
    List<String> platforms = new ArrayList<>();
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (system.equals("linux")) {
      host.commands()
          .run(List.of("getconf", "GNU_LIBC_VERSION"))
          .filter(answer -> answer.startsWith("glibc "))
          .ifPresent(
              answer -> platforms.add("Linux_" + arch + "_" + answer.strip().replace(' ', '-')));
      platforms.add("Linux_" + arch);
    }
    return platforms;
  }

  private List<String> gpus() {
    List<String> found = overrides.gpus() == 0 ? List.of() : new Gpus(host).found();
    int most = overrides.gpus() > 0 ? Math.min(overrides.gpus(), found.size()) : found.size();
    return found.subList(0, most);
  }

  private List<String> cvmfs() {
    return host.file("/proc/mounts").map(NodeProbe::cvmfsOf).orElse(List.of());
  }

  /** The repositories among the lines of {@code /proc/mounts}. */
  static List<String> cvmfsOf(String mounts) {
    return mounts
        .lines()
        .map(line -> line.split(" ", -1))
        .filter(parts -> parts.length > 2 && parts[0].startsWith("cvmfs2"))
        .map(parts -> parts[1].replaceFirst("^/cvmfs/", ""))
        .sorted()
        .toList();
  }
}
