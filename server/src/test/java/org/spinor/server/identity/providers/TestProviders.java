package org.spinor.server.identity.providers;

import org.spinor.server.database.DataFolder;

/** The providers as one server has them, with more patience: a test may be held still for long. */
public final class TestProviders {
  private static final int MILLIS = 120_000;

  private TestProviders() {}

  public static IdentityProviders patient(DataFolder data) {
    return new IdentityProviders(data, MILLIS, MILLIS);
  }
}
