package org.spinor.cli.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Which port the demo's server takes unless told. */
final class Ports {
  private static final int USUAL = 8000;

  private Ports() {}

  /** The usual one, where clients look first, if it is free; else 0, any. */
  static int preferred() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(USUAL));
      return USUAL;
    } catch (IOException e) {
      return 0;
    }
  }
}
