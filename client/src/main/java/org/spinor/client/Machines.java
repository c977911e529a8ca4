package org.spinor.client;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.api.MachineApproval;
import org.spinor.api.MachineInfo;
import org.spinor.api.MachineRefusal;
import org.spinor.api.MachineSecretInfo;
import org.spinor.api.MachineSecretRequest;

/** The calls about machines that run pilots by themselves, for operators. */
public final class Machines {
  private final Transport transport;

  Machines(Transport transport) {
    this.transport = transport;
  }

  /**
   * Those that ask first, then the newest.
   *
   * @param site empty: at any
   * @param state as {@link MachineInfo} has it; empty: in any
   */
  public List<MachineInfo> list(Optional<String> site, Optional<String> state) {
    List<String> query = new ArrayList<>();
    site.ifPresent(name -> query.add("site=" + AddressPart.encoded(name)));
    state.ifPresent(name -> query.add("state=" + AddressPart.encoded(name)));
    String path = "/api/machines" + (query.isEmpty() ? "" : "?" + String.join("&", query));
    return List.of(Json.read(transport.json("GET", path, null).body(), MachineInfo[].class));
  }

  /** Lets the machine in that shows this code. */
  public MachineInfo approve(MachineApproval approval) {
    return post("approve", approval);
  }

  /** Does not let it in. */
  public MachineInfo refuse(MachineRefusal refusal) {
    return post("refuse", refusal);
  }

  /**
   * The machine finishes what it runs and starts no pilot.
   *
   * @param reason may be empty
   */
  public MachineInfo drain(long id, String reason) {
    return post(id + "/drain", Map.of("reason", reason));
  }

  public MachineInfo undrain(long id) {
    return post(id + "/undrain", Map.of());
  }

  /** The machine is out and must ask anew. */
  public MachineInfo remove(long id, String reason) {
    return post(id + "/remove", Map.of("reason", reason));
  }

  private MachineInfo post(String what, Object body) {
    return Json.read(
        transport.json("POST", "/api/machines/" + what, body).body(), MachineInfo.class);
  }

  public List<MachineSecretInfo> secrets() {
    return List.of(
        Json.read(
            transport.json("GET", "/api/machines/secrets", null).body(),
            MachineSecretInfo[].class));
  }

  /** A fresh secret; the only time that it is shown. */
  public MachineSecretInfo createSecret(MachineSecretRequest request) {
    return Json.read(
        transport.json("POST", "/api/machines/secrets", request).body(), MachineSecretInfo.class);
  }

  /**
   * No machine joins with the secret any more.
   *
   * @param drain whether those that came with it are drained too
   */
  public MachineSecretInfo revokeSecret(long id, boolean drain) {
    String path = "/api/machines/secrets/" + id + "/revoke?drain=" + drain;
    return Json.read(transport.json("POST", path, null).body(), MachineSecretInfo.class);
  }

  /** The script that brings pilots to a machine; needs no token. */
  public String bootstrap() {
    HttpRequest request =
        transport
            .withToken(() -> null)
            .request("/pilot/bootstrap.sh")
            .setHeader("Accept", "*/*")
            .GET()
            .build();
    return transport.send(request).body();
  }
}
