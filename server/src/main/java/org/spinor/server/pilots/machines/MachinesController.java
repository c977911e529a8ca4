package org.spinor.server.pilots.machines;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spinor.api.MachineApproval;
import org.spinor.api.MachineInfo;
import org.spinor.api.MachineRefusal;
import org.spinor.api.MachineSecretInfo;
import org.spinor.api.MachineSecretRequest;
import org.spinor.server.identity.Caller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Machines that run pilots by themselves, as operators deal with them. */
@RestController
@RequestMapping("/api/machines")
@Tag(name = "machines")
final class MachinesController {
  /** Why something is done to a machine. */
  record MachineReason(@Nullable String reason) {}

  private final MachineAdministration machines;

  MachinesController(MachineAdministration machines) {
    this.machines = machines;
  }

  @GetMapping
  @Operation(summary = "Machines that ask to run pilots, and those that do; 2000 at most")
  List<MachineInfo> listMachines(
      Caller caller,
      @RequestParam(required = false) @Nullable String site,
      @RequestParam(required = false) @Nullable String state) {
    return machines.list(caller, site, state);
  }

  @PostMapping("/approve")
  @Operation(summary = "Lets the machine in that shows this code")
  MachineInfo approveMachine(Caller caller, @RequestBody MachineApproval approval) {
    return machines.approve(caller, approval);
  }

  @PostMapping("/refuse")
  @Operation(summary = "Does not let the machine in that shows this code")
  MachineInfo refuseMachine(Caller caller, @RequestBody MachineRefusal refusal) {
    return machines.refuse(caller, refusal);
  }

  @PostMapping("/{id}/drain")
  @Operation(summary = "Lets a machine finish what it runs and start no pilot")
  MachineInfo drainMachine(
      Caller caller,
      @PathVariable long id,
      @RequestBody(required = false) @Nullable MachineReason why) {
    return machines.drain(caller, id, why == null ? null : why.reason());
  }

  @PostMapping("/{id}/undrain")
  @Operation(summary = "Lets a machine start pilots again")
  MachineInfo undrainMachine(Caller caller, @PathVariable long id) {
    return machines.undrain(caller, id);
  }

  @PostMapping("/{id}/remove")
  @Operation(summary = "Takes a machine out: its pilot drains, and it must ask anew")
  MachineInfo removeMachine(
      Caller caller,
      @PathVariable long id,
      @RequestBody(required = false) @Nullable MachineReason why) {
    return machines.remove(caller, id, why == null ? null : why.reason());
  }

  @GetMapping("/secrets")
  @Operation(summary = "Secrets that let machines in; never the secrets themselves")
  List<MachineSecretInfo> listMachineSecrets(Caller caller) {
    return machines.secrets(caller);
  }

  @PostMapping("/secrets")
  @Operation(summary = "Makes a secret that lets machines in, and shows it this once")
  MachineSecretInfo createMachineSecret(Caller caller, @RequestBody MachineSecretRequest request) {
    return machines.createSecret(caller, request);
  }

  @PostMapping("/secrets/{id}/revoke")
  @Operation(summary = "Lets no machine in with the secret any more; those that are in stay")
  MachineSecretInfo revokeMachineSecret(
      Caller caller, @PathVariable long id, @RequestParam(defaultValue = "false") boolean drain) {
    return machines.revokeSecret(caller, id, drain);
  }
}
