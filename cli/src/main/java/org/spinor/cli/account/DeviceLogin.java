package org.spinor.cli.account;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.cli.console.Style;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.Patience;
import org.spinor.client.Login;

/** A login with a browser: shows where to go, and waits until the user has been there. */
final class DeviceLogin {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration AWAY = Duration.ofSeconds(60);

  private final Context context;
  private final Login login;

  DeviceLogin(Context context, Login login) {
    this.context = context;
    this.login = login;
  }

  TokenResponse run(String scope, boolean openBrowser) {
    Login.Device device = login.startDevice(scope);
    tell(device, openBrowser && open(device.addressComplete()));
    Instant end = context.clock().instant().plusSeconds(device.expiresIn());
    Patience patience = new Patience(context.clock(), AWAY);
    Duration pause = FIRST_PAUSE;
    while (context.clock().instant().isBefore(end)) {
      Optional<TokenResponse> tokens = patience.ask(() -> poll(device)).flatMap(answer -> answer);
      if (tokens.isPresent()) {
        return tokens.get();
      }
      sleep(pause);
      pause = pause.multipliedBy(3).dividedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
    throw new Failure(
        ExitCode.TIMED_OUT, "nobody has logged in in time", "begin again: spinor login");
  }

  private Optional<TokenResponse> poll(Login.Device device) {
    try {
      return login.pollDevice(device.deviceCode());
    } catch (SpinorException e) {
      if (e.code() == ErrorCode.FORBIDDEN || e.code() == ErrorCode.NOT_AUTHENTICATED) {
        throw new Failure(
            ExitCode.NOT_LOGGED_IN, "the server did not let you in: " + e.getMessage());
      }
      throw e;
    }
  }

  private void tell(Login.Device device, boolean opened) {
    Terminal terminal = context.terminal();
    terminal.say(
        opened
            ? "A browser opens. If it does not, open this address on any device:"
            : "Open this address in a browser, on any device:");
    terminal.say("");
    terminal.say(
        "  " + terminal.styledErr(Style.BOLD, Terminal.harmless(device.addressComplete())));
    terminal.say("");
    terminal.say(
        "or "
            + Terminal.harmless(device.address())
            + " and type the code "
            + terminal.styledErr(Style.BOLD, code(Terminal.harmless(device.userCode()))));
    terminal.say(
        "Waiting for you, %d minutes at most ...".formatted(Math.max(1, device.expiresIn() / 60)));
  }

  private static String code(String code) {
    return code.length() == 8 ? code.substring(0, 4) + "-" + code.substring(4) : code;
  }

  /** Only where somebody sits who would see it. */
  private boolean open(String address) {
    Optional<String> program = browser();
    if (!context.terminal().isInteractive() || program.isEmpty() || !isWebAddress(address)) {
      return false;
    }
    try {
      new ProcessBuilder(List.of(program.get(), address))
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start();
      return true;
    } catch (IOException e) {
      return false; // the address is shown anyway
    }
  }

  private Optional<String> browser() {
    Optional<String> chosen = context.variable("BROWSER");
    if (chosen.isPresent()) {
      return chosen;
    }
    if (System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac")) {
      return Optional.of("open");
    }
    return context
        .variable("DISPLAY")
        .or(() -> context.variable("WAYLAND_DISPLAY"))
        .map(any -> "xdg-open");
  }

  /** What a server says is not started as anything else. */
  private static boolean isWebAddress(String address) {
    try {
      URI uri = URI.create(address);
      return "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILED, "interrupted");
    }
  }
}
