package org.spinor.cli.session;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to a server. */
public final class ServerOption {
  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "The server (default: SPINOR_URL, DIRACX_URL, or " + Session.DEFAULT_URL + ").")
  private @Nullable String url;

  public Session open(Context context) {
    return Session.open(context, url);
  }
}
