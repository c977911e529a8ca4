package org.spinor.server.sandboxes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.SandboxCheck;
import org.spinor.server.sandboxes.SandboxTable.Known;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Sandboxes that jobs bring along: checked before the submission, assigned in its transaction, let
 * go when the jobs are gone.
 */
@Component
class InputSandboxes implements SandboxCheck {
  private final SandboxProperties properties;
  private final SandboxTable table;
  private final Inventory inventory;
  private final Configurations configurations;

  InputSandboxes(
      SandboxProperties properties,
      SandboxTable table,
      Inventory inventory,
      Configurations configurations) {
    this.properties = properties;
    this.table = table;
    this.inventory = inventory;
    this.configurations = configurations;
  }

  @Override
  public Map<String, String> problems(
      String vo, String owner, String ownerGroup, Set<String> names) {
    Map<String, String> problems = new HashMap<>();
    Map<String, SandboxName> good = new HashMap<>();
    for (String text : names) {
      Optional<SandboxName> name =
          SandboxName.parse(text).filter(n -> n.bucket().equals(properties.bucket()));
      if (name.isEmpty()) {
        problems.put(
            text,
            "no name of a sandbox; expected SB:SandboxSE|/S3/%s/%s/GROUP/USER/sha256:..."
                .formatted(properties.bucket(), vo));
      } else if (!mayUse(name.get(), vo, owner, ownerGroup)) {
        problems.put(text, "belongs to somebody else; expected a sandbox of " + owner);
      } else {
        good.put(text, name.get());
      }
    }
    Map<SandboxName, Known> there = good.isEmpty() ? Map.of() : inventory.find(good.values());
    good.forEach(
        (text, name) -> {
          if (!there.containsKey(name)) {
            problems.put(text, "not in the store: upload it first");
          }
        });
    return problems;
  }

  private boolean mayUse(SandboxName name, String vo, String owner, String ownerGroup) {
    if (!name.vo().equals(vo)) {
      return false;
    }
    Configuration.Vo known = configurations.current().registry().get(vo);
    boolean shared =
        known != null
            && known.groups().containsKey(ownerGroup)
            && known.groups().get(ownerGroup).jobSharing();
    return name.owner().equals(owner) || (shared && name.ownerGroup().equals(ownerGroup));
  }

  /** In the transaction that makes the jobs. */
  @EventListener
  void assign(JobEvents.Submitted event) {
    if (event.inputSandboxes().isEmpty()) {
      return;
    }
    Set<SandboxName> names = new HashSet<>();
    event.inputSandboxes().values().forEach(list -> list.forEach(text -> names.add(name(text))));
    Map<SandboxName, Long> ids = new HashMap<>();
    table
        .find(names)
        .forEach(
            (name, row) -> {
              if (row.stored()) {
                ids.put(name, row.id());
              }
            });
    if (ids.size() < names.size() || table.hold(ids.values()) < ids.size()) {
      throw new SpinorException(
          ErrorCode.JDL_INVALID, "JDL syntax error: an input sandbox was removed in this moment");
    }
    List<SandboxTable.Assignment> assignments = new ArrayList<>();
    event
        .inputSandboxes()
        .forEach(
            (job, list) ->
                list.stream()
                    .map(InputSandboxes::name)
                    .distinct()
                    .forEach(
                        name -> {
                          Long id = ids.get(name);
                          if (id != null) {
                            assignments.add(new SandboxTable.Assignment(job, Direction.Input, id));
                          }
                        }));
    table.assign(assignments);
  }

  @EventListener
  void release(JobEvents.Removed event) {
    table.release(event.jobIds());
  }

  private static SandboxName name(String text) {
    return SandboxName.parse(text)
        .orElseThrow(() -> new IllegalStateException("checked before: " + text));
  }
}
