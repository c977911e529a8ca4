package org.spinor.plugins.testbed.boinc;

/** What the project answers instead of what was asked for. */
final class RpcException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RpcException(String message) {
    super(message);
  }

  RpcException(String message, Exception cause) {
    super(message, cause);
  }
}
