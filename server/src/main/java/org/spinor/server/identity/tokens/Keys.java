package org.spinor.server.identity.tokens;

/** The keys in use; they may change while the server runs. */
interface Keys {
  SigningKeys now();

  /**
   * The same after a look whether they have just changed: for a token that names an unknown key.
   */
  SigningKeys newest();

  /** Keys that do not change. */
  static Keys fixed(SigningKeys keys) {
    return new Keys() {
      @Override
      public SigningKeys now() {
        return keys;
      }

      @Override
      public SigningKeys newest() {
        return keys;
      }
    };
  }
}
