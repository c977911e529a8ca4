package org.spinor.pilot.machine;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.api.MachineAnswer;
import org.spinor.api.MachineCall;
import org.spinor.api.MachineJoin;
import org.spinor.client.Json;
import org.spinor.client.Transport;

/** The calls of a machine. None is repeated here; all may be repeated. */
final class MachineLink {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Transport transport;
  private final String secret;

  MachineLink(URI server, String secret) {
    this.transport = new Transport(server, () -> null, LIMIT);
    this.secret = secret;
  }

  MachineAnswer join(String name, String host, Optional<String> site, @Nullable String voSecret) {
    return post("join", new MachineJoin(secret, name, host, site.orElse(null), voSecret));
  }

  MachineAnswer askForPilot() {
    return post("pilot", new MachineCall(secret, null));
  }

  MachineAnswer heartbeat(String stamp) {
    return post("heartbeat", new MachineCall(secret, stamp));
  }

  MachineAnswer leave() {
    return post("leave", new MachineCall(secret, null));
  }

  private MachineAnswer post(String route, Object body) {
    return Json.read(
        transport.json("POST", "/api/machines/" + route, body).body(), MachineAnswer.class);
  }

  /** The script that brings a pilot to this machine. */
  String bootstrap() {
    HttpRequest request =
        transport.request("/pilot/bootstrap.sh").setHeader("Accept", "*/*").GET().build();
    return transport.send(request).body();
  }
}
