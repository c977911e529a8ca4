package org.spinor.pilot.sandbox;

/** An archive that is damaged, unsafe or too large: the fault of whoever made it. */
public final class ArchiveException extends Exception {
  private static final long serialVersionUID = 1L;

  public ArchiveException(String message) {
    super(message);
  }
}
