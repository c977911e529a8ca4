package org.spinor.cli.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.spinor.api.SpinorException;
import org.spinor.client.ServerUnreachableException;
import org.spinor.jdl.JdlException;

/**
 * What went wrong, as the user is told: the message, further lines, and the exit code.
 *
 * @param lines the first one says what is wrong, the others are single problems and what to do next
 */
public record Complaint(int exitCode, List<String> lines) {
  public Complaint {
    lines = List.copyOf(lines);
  }

  /** The complaint for an exception; null where it is a fault of this program. */
  public static @Nullable Complaint of(Throwable fault) {
    return switch (fault) {
      case Failure failure -> {
        List<String> lines = new ArrayList<>();
        lines.add(String.valueOf(failure.getMessage()));
        lines.addAll(failure.hints());
        yield new Complaint(failure.exitCode(), lines);
      }
      case SpinorException refusal -> refused(refusal);
      case ServerUnreachableException unreachable -> unreachable(unreachable);
      case JdlException invalid ->
          new Complaint(ExitCode.FAILED, List.of(String.valueOf(invalid.getMessage())));
      case UncheckedIOException io -> inputOutput(io.getMessage(), io.getCause());
      case NoSuchFileException missing ->
          new Complaint(ExitCode.NOT_FOUND, List.of("no file " + missing.getFile()));
      case IOException io -> inputOutput(null, io);
      default -> null;
    };
  }

  private static Complaint refused(SpinorException refusal) {
    List<String> lines = new ArrayList<>();
    lines.add(String.valueOf(refusal.getMessage()));
    refusal.problems().forEach(problem -> lines.add("  " + problem.replace("\n", "\n  ")));
    int exitCode =
        switch (refusal.code()) {
          case NOT_AUTHENTICATED -> {
            lines.set(0, "not logged in (" + refusal.getMessage() + ")");
            lines.add("log in with: spinor login");
            yield ExitCode.NOT_LOGGED_IN;
          }
          case FORBIDDEN -> {
            lines.add("see who you are and what you may do with: spinor whoami");
            yield ExitCode.FORBIDDEN;
          }
          case NOT_FOUND -> {
            if ("Not Found".equals(refusal.getMessage())) {
              lines.set(0, "the server does not know what was asked for (404 Not Found)");
              lines.add("is it older than this command, or another kind of server?");
            }
            yield ExitCode.NOT_FOUND;
          }
          case UNAVAILABLE, TOO_MANY_REQUESTS -> {
            lines.add("try again in some seconds");
            yield ExitCode.FAILED;
          }
          case INTERNAL -> {
            lines.add("this is a fault of the server: its log tells more");
            yield ExitCode.FAILED;
          }
          case INVALID_REQUEST,
              JDL_INVALID,
              CONFIGURATION_INVALID,
              TOO_LARGE,
              CONFLICT,
              STALE_ATTEMPT,
              PRECONDITION_FAILED,
              UNPROCESSABLE,
              EXTERNAL ->
              ExitCode.FAILED;
        };
    return new Complaint(exitCode, lines);
  }

  private static Complaint unreachable(ServerUnreachableException unreachable) {
    Throwable cause = unreachable.getCause();
    if (cause instanceof java.net.http.HttpTimeoutException
        && !(cause instanceof java.net.http.HttpConnectTimeoutException)) {
      return new Complaint(
          ExitCode.UNREACHABLE,
          List.of(
              "no answer from "
                  + unreachable.server()
                  + " in time; what was asked for may or may not have been done"));
    }
    return new Complaint(
        ExitCode.UNREACHABLE,
        List.of(
            "no server at " + unreachable.server(),
            "start one with: spinor server --data DIR",
            "or name another one with --url or SPINOR_URL"));
  }

  private static Complaint inputOutput(@Nullable String context, @Nullable Throwable cause) {
    String text = cause == null ? "" : String.valueOf(cause.getMessage());
    return new Complaint(
        ExitCode.FAILED,
        List.of(context == null || context.equals(text) ? text : context + ": " + text));
  }
}
