package org.spinor.server.pilots.machines;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import org.spinor.api.ErrorCode;
import org.spinor.api.MachineAnswer;
import org.spinor.api.MachineCall;
import org.spinor.api.MachineJoin;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.GuessLimit;
import org.spinor.server.identity.RequestRate;
import org.spinor.server.identity.SecurityLog;
import org.spinor.server.pilots.contact.SecretKeeper;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What machines call that run pilots by themselves, each with its own secret. */
@RestController
@RequestMapping("/api/machines")
@Tag(name = "machines")
final class MachineController {
  private static final Duration WINDOW = Duration.ofMinutes(5);

  /** A whole room of desktops may come from one address. */
  private static final int ASKS_OF_ADDRESS = 100;

  /** A whole cloud may come from one address. */
  private static final int FAILURES_AT_ADDRESS = 1000;

  private static final int FAILURES_OF_MACHINE = 20;

  private static final int AT_ONCE = 64;

  private final MachineDesk desk;
  private final RequestRate asks;
  private final GuessLimit guesses;

  MachineController(MachineDesk desk, Clock clock) {
    this.desk = desk;
    this.asks = new RequestRate(ASKS_OF_ADDRESS, WINDOW, clock);
    this.guesses = new GuessLimit(WINDOW, AT_ONCE, clock);
  }

  @PostMapping("/join")
  @Operation(
      summary =
          "A machine asks to run pilots: an operator lets it in by its code, or a secret of the VO does")
  MachineAnswer joinMachine(
      @RequestBody MachineJoin join, HttpServletRequest request, HttpServletResponse response) {
    String address = request.getRemoteAddr();
    if (join.voSecret() == null) {
      asks.take(address);
    }
    MachineAnswer answer =
        guarded(join.secret(), request, response, () -> desk.join(join, address));
    SecurityLog.done(
        "machine joins, " + answer.state() + (join.voSecret() == null ? "" : ", with a secret"),
        join.name(),
        address);
    return answer;
  }

  @PostMapping("/pilot")
  @Operation(summary = "A machine wants a pilot to run, and hears what to do")
  MachineAnswer askForPilot(
      @RequestBody MachineCall call, HttpServletRequest request, HttpServletResponse response) {
    return guarded(
        call.secret(), request, response, () -> desk.pilot(call, request.getRemoteAddr()));
  }

  @PostMapping("/heartbeat")
  @Operation(summary = "A machine keeps its place while its pilot runs")
  MachineAnswer machineHeartbeat(
      @RequestBody MachineCall call, HttpServletRequest request, HttpServletResponse response) {
    return guarded(
        call.secret(), request, response, () -> desk.heartbeat(call, request.getRemoteAddr()));
  }

  @PostMapping("/leave")
  @Operation(summary = "A machine stops and gives its place back")
  MachineAnswer leave(
      @RequestBody MachineCall call, HttpServletRequest request, HttpServletResponse response) {
    return guarded(
        call.secret(), request, response, () -> desk.leave(call, request.getRemoteAddr()));
  }

  private MachineAnswer guarded(
      String secret,
      HttpServletRequest request,
      HttpServletResponse response,
      Supplier<MachineAnswer> call) {
    String address = request.getRemoteAddr();
    String machine = HexFormat.of().formatHex(SecretKeeper.hash(secret), 0, 8);
    try {
      return guesses.attempt(
          List.of(
              new GuessLimit.Name("machine " + machine + " at " + address, FAILURES_OF_MACHINE),
              new GuessLimit.Name("machines at " + address, FAILURES_AT_ADDRESS)),
          response,
          call);
    } catch (SpinorException e) {
      if (e.code() == ErrorCode.NOT_AUTHENTICATED) {
        SecurityLog.refused(
            "machine", request.getRequestURI(), address, String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }
}
