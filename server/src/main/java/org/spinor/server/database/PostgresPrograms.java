package org.spinor.server.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/**
 * Runs PostgreSQL's own programs. They refuse to run as root; where the server does, they run in a
 * user name space (root's files, no root's rights), else as the user {@code nobody}, who then owns
 * the database's files.
 */
final class PostgresPrograms {
  private static final int LINES_SHOWN = 15;
  private static final String ORDINARY = "nobody";

  private enum Disguise {
    NONE,
    NAME_SPACE,
    OTHER_USER
  }

  private final Path programs;
  private final Path outputs;
  private final Disguise disguise;

  /**
   * @param programs folder of the programs
   * @param outputs folder for what they say
   */
  PostgresPrograms(Path programs, Path outputs) {
    this.programs = programs;
    this.outputs = outputs;
    this.disguise = disguise();
  }

  private static Disguise disguise() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Disguise.NONE;
    }
    if (succeeds("unshare", "-U", "true")) {
      return Disguise.NAME_SPACE;
    }
    if (succeeds(disguised(Disguise.OTHER_USER, "true").toArray(String[]::new))) {
      return Disguise.OTHER_USER;
    }
    throw new SpinorException(
        ErrorCode.UNAVAILABLE,
        "PostgreSQL does not run as root, and neither 'unshare -U' nor 'setpriv' works here: start the server as an ordinary user, or give --db-url");
  }

  private static boolean succeeds(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(60, TimeUnit.SECONDS)) {
        return process.exitValue() == 0;
      }
      process.destroyForcibly();
      return false;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static List<String> disguised(Disguise disguise, String... command) {
    List<String> whole = new ArrayList<>();
    switch (disguise) {
      case NONE -> {}
      case NAME_SPACE -> whole.addAll(List.of("unshare", "-U"));
      case OTHER_USER ->
          whole.addAll(
              List.of("setpriv", "--reuid=" + ORDINARY, "--regid=nogroup", "--clear-groups"));
    }
    whole.addAll(List.of(command));
    return whole;
  }

  /** Makes the programs' user the owner of the files, where that is another user than ours. */
  void own(Path folder) throws IOException {
    if (disguise != Disguise.OTHER_USER) {
      return;
    }
    UserPrincipal owner =
        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(ORDINARY);
    for (Path above = folder.getParent(); above != null; above = above.getParent()) {
      if (!succeeds(
          disguised(Disguise.OTHER_USER, "test", "-x", above.toString()).toArray(String[]::new))) {
        throw new IOException(
            "user %s, as whom the database runs, may not enter %s; start the server as an ordinary user"
                .formatted(ORDINARY, above));
      }
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            return give(file);
          }

          @Override
          public FileVisitResult preVisitDirectory(Path file, BasicFileAttributes attributes)
              throws IOException {
            return give(file);
          }

          private FileVisitResult give(Path file) throws IOException {
            PosixFileAttributeView view =
                Files.getFileAttributeView(file, PosixFileAttributeView.class);
            view.setOwner(owner);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * Runs a program to its end.
   *
   * @throws SpinorException it failed; with the last lines of what it said
   */
  void run(String program, String... arguments) {
    int code = exitCode(program, arguments);
    if (code != 0) {
      throw new SpinorException(
          ErrorCode.UNAVAILABLE,
          "the database does not start: %s ended with code %d".formatted(program, code),
          lastLines(output(program)));
    }
  }

  int exitCode(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(programs.resolve(program).toString()));
    command.addAll(List.of(arguments));
    try {
      Files.createDirectories(outputs);
      ProcessBuilder builder =
          new ProcessBuilder(disguised(disguise, command.toArray(String[]::new)));
      builder.environment().put("LC_ALL", "C");
      builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
      builder.directory(outputs.toFile());
      builder.redirectErrorStream(true).redirectOutput(output(program).toFile());
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(360, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new SpinorException(
            ErrorCode.UNAVAILABLE, program + " does not end", lastLines(output(program)));
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new SpinorException(
          ErrorCode.UNAVAILABLE, "cannot run " + command.getFirst() + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SpinorException(ErrorCode.UNAVAILABLE, "interrupted while running " + program);
    }
  }

  private Path output(String program) {
    return outputs.resolve(program + ".out");
  }

  /** The end of a file, for messages; empty where it cannot be read. */
  static List<String> lastLines(Path file) {
    try {
      List<String> lines =
          new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
      return lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size());
    } catch (IOException e) {
      return List.of();
    }
  }
}
