package org.spinor.api;

import java.util.List;
import java.util.Map;

/**
 * A pilot says that it lives: {@code POST /api/pilots/{stamp}/heartbeat}, every minute unless told
 * otherwise. It also renews the lease of each attempt that it names.
 *
 * @param running the attempts it holds
 * @param node what the node is, for people and for accounting: {@code host, os, kernel, arch,
 *     cpu_model, cores, memory_mb, disk_mb, gpus, containers, cvmfs, cpu_power, batch_system,
 *     batch_id, time_left_seconds, pilot_version}; values are text
 */
public record PilotHeartbeat(List<AttemptId> running, Map<String, String> node) {
  public PilotHeartbeat {
    running = List.copyOf(running);
    node = Map.copyOf(node);
  }
}
