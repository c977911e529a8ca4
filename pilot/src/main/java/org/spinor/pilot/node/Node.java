package org.spinor.pilot.node;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The worker node as the pilot may use it.
 *
 * @param host name for people
 * @param os operating system for people
 * @param platforms platforms whose programs run here, best first
 * @param memoryMb memory for jobs and the pilot, MB (1,000,000 bytes)
 * @param diskMb scratch space free at the start, MB
 * @param gpus one text per GPU that may be used
 * @param containers container programs found
 * @param cvmfs CernVM-FS repositories mounted
 * @param cpuPower of one core, on the DB12 scale
 */
public record Node(
    String host,
    String os,
    String kernel,
    String arch,
    String cpuModel,
    List<String> platforms,
    int cores,
    long memoryMb,
    long diskMb,
    List<String> gpus,
    List<String> containers,
    List<String> cvmfs,
    double cpuPower,
    Optional<Batch> batch) {

  public Node {
    platforms = List.copyOf(platforms);
    gpus = List.copyOf(gpus);
    containers = List.copyOf(containers);
    cvmfs = List.copyOf(cvmfs);
  }

  /** The slot's batch system and the id of the slot there. */
  public record Batch(String system, String id) {}

  /** The keys of {@link org.spinor.api.PilotHeartbeat#node()} that do not change with time. */
  public Map<String, String> asText() {
    Map<String, String> text = new LinkedHashMap<>();
    text.put("host", host);
    text.put("os", os);
    text.put("kernel", kernel);
    text.put("arch", arch);
    text.put("cpu_model", cpuModel);
    text.put("cores", Integer.toString(cores));
    text.put("memory_mb", Long.toString(memoryMb));
    text.put("disk_mb", Long.toString(diskMb));
    text.put("gpus", String.join(", ", gpus));
    text.put("containers", String.join(" ", containers));
    text.put("cvmfs", String.join(" ", cvmfs));
    text.put("cpu_power", Double.toString(cpuPower));
    text.put("batch_system", batch.map(Batch::system).orElse(""));
    text.put("batch_id", batch.map(Batch::id).orElse(""));
    return text;
  }
}
