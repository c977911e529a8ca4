package org.spinor.pilot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Jdl;
import org.spinor.jdl.JdlException;
import org.spinor.jdl.JdlTypeException;

/**
 * The GPUs of the slot, each job's by the variable that its makers' libraries heed: {@code
 * CUDA_VISIBLE_DEVICES} or {@code ROCR_VISIBLE_DEVICES}.
 *
 * @param variable which of them
 * @param devices what stands in it for each GPU
 */
record GpuShares(String variable, List<String> devices) {
  private static final String CUDA = "CUDA_VISIBLE_DEVICES";
  private static final String ROCR = "ROCR_VISIBLE_DEVICES";
  private static final String HIP = "HIP_VISIBLE_DEVICES";
  private static final String TAG = "GPU";

  GpuShares {
    devices = List.copyOf(devices);
  }

  /** No GPUs, and no variables. */
  static GpuShares none() {
    return new GpuShares(CUDA, List.of());
  }

  /**
   * @param gpus one text for each that may be used
   * @param environment the pilot's: the batch system may have named its GPUs
   */
  static GpuShares of(List<String> gpus, Map<String, String> environment) {
    boolean amd = gpus.stream().anyMatch(gpu -> gpu.matches("(?i).*\\b(AMD|Radeon|Instinct)\\b.*"));
    List<String> names = amd ? List.of(ROCR, HIP) : List.of(CUDA);
    Optional<String> given = names.stream().filter(environment::containsKey).findFirst();
    List<String> named =
        given.map(name -> List.of(environment.getOrDefault(name, "").split(","))).orElse(List.of());
    List<String> devices = new ArrayList<>();
    for (int i = 0; i < gpus.size(); i++) {
      devices.add(i < named.size() ? named.get(i).strip() : Integer.toString(i));
    }
    return new GpuShares(given.orElse(names.getFirst()), devices);
  }

  /** How many GPUs a job's description asks for; all of them for one that has the whole node. */
  int wanted(String jdl) {
    try {
      Ad ad = Jdl.parse(jdl);
      if (ad.bool("WholeNode").orElse(false)) {
        return devices.size();
      }
      long number = ad.integer("NumberOfGPUs").orElse(0L);
      boolean tagged =
          ad.strings("Tag").stream().anyMatch(GpuShares::isTag)
              || ad.strings("Tags").stream().anyMatch(GpuShares::isTag);
      return Math.clamp(Math.max(number, tagged ? 1 : 0), 0, devices.size());
    } catch (JdlException | JdlTypeException | IllegalArgumentException e) {
      return 0; // its wrapper will say so
    }
  }

  private static boolean isTag(String tag) {
    return tag.strip().startsWith(TAG);
  }

  /** What a payload's environment needs so that it uses these and no others. */
  Map<String, String> visible(List<String> some) {
    return devices.isEmpty() ? Map.of() : Map.of(variable, String.join(",", some));
  }
}
