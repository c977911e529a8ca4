package org.spinor.server;

import java.util.List;

/**
 * A sub-command of {@code spinor admin}: work that an operator does on the server's host, with the
 * rights of whoever may read the data folder, whether or not the server runs. It runs without a
 * Spring context, so that it answers at once. Found by {@link java.util.ServiceLoader}: a public
 * class with a public constructor without parameters, named in {@code
 * META-INF/services/org.spinor.server.AdminCommand}.
 */
public interface AdminCommand {
  /** The word after {@code admin}, as {@code token}. */
  String name();

  /** One line for the list of commands. */
  String summary();

  /** What {@code --help} shows: use, every option with meaning, default and unit, an example. */
  String help();

  /**
   * Does the work. Results go to stdout, everything else to stderr.
   *
   * @param arguments what follows the name
   * @return the exit code: 0 done, 1 failed, 2 wrong use
   * @throws org.spinor.api.SpinorException is shown in plain words; exit code 1
   */
  int run(List<String> arguments);
}
