package org.spinor.client;

import java.net.URI;

/**
 * No answer from the server: wrong address, not running, or too slow. The request may or may not
 * have been carried out.
 */
public final class ServerUnreachableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final URI server;

  public ServerUnreachableException(URI server, Exception cause) {
    super("no answer from " + server + ": " + cause, cause);
    this.server = server;
  }

  public URI server() {
    return server;
  }
}
