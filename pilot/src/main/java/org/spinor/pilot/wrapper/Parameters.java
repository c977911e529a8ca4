package org.spinor.pilot.wrapper;

import java.util.LinkedHashMap;
import java.util.Map;
import org.spinor.api.Assignment;
import org.spinor.pilot.payload.Containment;

/** The parameters of a job that its wrapper sets, under the names that DIRAC's users know. */
final class Parameters {
  private Parameters() {}

  /** Where it runs. */
  static Map<String, Object> first(NodeFacts facts, Containment containment, Assignment job) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("HostName", facts.node().host());
    values.put("PilotAgent", "Spinor " + facts.version());
    values.put("Pilot_Reference", facts.stamp());
    values.put("ModelName", facts.node().cpuModel());
    values.put("LocalAccount", System.getProperty("user.name", "unknown"));
    values.put("CPUNormalizationFactor", Math.round(facts.node().cpuPower()));
    values.put("JobWrapperPID", ProcessHandle.current().pid());
    values.put("PayloadContainment", containment.name());
    values.put("PayloadProcessors", job.cores());
    putIfKnown(values, "GridCE", facts.ce());
    putIfKnown(values, "CEQueue", facts.queue());
    facts
        .node()
        .batch()
        .ifPresent(
            batch -> {
              values.put("BatchSystem", batch.system());
              putIfKnown(values, "LocalJobID", batch.id());
            });
    return values;
  }

  /** What it used. */
  static Map<String, Object> last(Measurements measured, double cpuPower) {
    double cpuSeconds = measured.usage().cpuSeconds();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("TotalCPUTime(s)", Math.round(cpuSeconds));
    values.put("NormCPUTime(s)", Math.round(cpuSeconds * cpuPower));
    values.put("WallClockTime(s)", Math.round(measured.wall().toMillis() / 1000.0));
    values.put("Memory(MB)", measured.peakBytes() / 1_000_000);
    if (measured.countedPeakBytes() > 0) {
      values.put("PeakMemory(MB)", measured.countedPeakBytes() / 1_000_000);
    }
    values.put("DiskSpace(MB)", measured.freeBytes() / 1_000_000);
    if (measured.load() >= 0) {
      values.put("LoadAverage", Double.toString(measured.load()));
    }
    return values;
  }

  private static void putIfKnown(Map<String, Object> values, String name, String value) {
    if (!value.isEmpty()) {
      values.put(name, value);
    }
  }
}
