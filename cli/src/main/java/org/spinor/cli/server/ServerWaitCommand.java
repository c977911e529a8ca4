package org.spinor.cli.server;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.spinor.cli.console.Times;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.ServerUnreachableException;
import org.spinor.client.SpinorClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spinor server wait}. */
@Command(
    name = "wait",
    description = "Wait until the server is ready.",
    footer = {
      "",
      "Exit codes: 0 it is ready, 7 the time is over.",
      "",
      "Example:",
      "  spinor server wait --timeout 1m && spinor jobs list"
    })
final class ServerWaitCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Context context;

  @Option(
      names = {"-t", "--timeout"},
      paramLabel = "SPAN",
      defaultValue = "1m",
      description = "Wait no longer than this (default: ${DEFAULT-VALUE}).")
  private String timeout = "1m";

  @Mixin private ServerOption server = new ServerOption();

  ServerWaitCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws InterruptedException {
    SpinorClient client = server.open(context).client();
    Instant end;
    try {
      end = context.clock().instant().plus(Times.span(timeout));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(String.valueOf(e.getMessage()));
    }
    while (!ready(client)) {
      if (context.clock().instant().isAfter(end)) {
        throw new Failure(ExitCode.TIMED_OUT, client.server() + " was not ready after " + timeout);
      }
      Thread.sleep(PAUSE);
    }
    return ExitCode.DONE;
  }

  private static boolean ready(SpinorClient client) {
    try {
      return client.healthy("ready");
    } catch (ServerUnreachableException e) {
      return false;
    }
  }
}
