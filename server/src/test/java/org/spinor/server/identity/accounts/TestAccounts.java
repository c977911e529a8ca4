package org.spinor.server.identity.accounts;

import org.spinor.server.identity.Slice;

/** Local accounts of a server in a test, for the tests of other floors. */
public final class TestAccounts {
  private TestAccounts() {}

  /**
   * @return false: there is one of this name, or of this subject
   */
  public static boolean add(
      Slice server, String vo, String username, String subject, String password) {
    return server
        .bean(Accounts.class)
        .add(vo, username, subject, server.bean(Passwords.class).hash(password));
  }
}
