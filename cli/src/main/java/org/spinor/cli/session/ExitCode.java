package org.spinor.cli.session;

/** What a command ends with. The numbers are an interface: scripts rely on them. */
public final class ExitCode {
  /** It did what was asked. */
  public static final int DONE = 0;

  /** It did not, for a reason that has no number of its own; also: not all jobs are Done. */
  public static final int FAILED = 1;

  /** The command line is wrong. */
  public static final int USAGE = 2;

  /** Nobody is logged in, or the login has ended. */
  public static final int NOT_LOGGED_IN = 3;

  /** No answer from the server. */
  public static final int UNREACHABLE = 4;

  /** A job, pilot, site, task or file that was named does not exist. */
  public static final int NOT_FOUND = 5;

  /** The server does not allow it to this user. */
  public static final int FORBIDDEN = 6;

  /** The time given for waiting is over. */
  public static final int TIMED_OUT = 7;

  private ExitCode() {}
}
