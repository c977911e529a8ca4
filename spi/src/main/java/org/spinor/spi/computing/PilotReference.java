package org.spinor.spi.computing;

/**
 * The name of a submitted pilot at its computing element: chosen by the element, opaque to the
 * server, unique in the element, not reused while the pilot is kept.
 *
 * @param value 1 to 255 characters
 */
public record PilotReference(String value) {
  public PilotReference {
    if (value.isEmpty() || value.length() > 255) {
      throw new IllegalArgumentException("a reference has 1 to 255 characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
