package org.spinor.plugins.computing.boinc;

/** The project does not know what was asked for. */
final class NoSuchThingException extends Exception {
  private static final long serialVersionUID = 1;

  NoSuchThingException(String message) {
    super(message);
  }
}
