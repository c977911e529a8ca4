package org.spinor.plugins.computing.batch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.spinor.plugins.computing.batch.host.Host;
import org.spinor.plugins.computing.batch.system.BatchCommand;
import org.spinor.plugins.computing.batch.system.Complaints;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;

/**
 * Runs the commands of a batch system on its host: where the programs are, how long they may take,
 * what is tried again.
 */
final class Commands {
  private static final int NOT_FOUND = 127;
  private static final int MOST_WORDS = 500;
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(3));

  private final Host host;
  private final Complaints complaints;
  private final String folder;
  private final List<String> environment;

  /**
   * @param folder where the batch system's programs are; empty: on the host's path
   * @param environment of the programs, as {@code NAME=value}
   */
  Commands(Host host, Complaints complaints, String folder, List<String> environment) {
    this.host = host;
    this.complaints = complaints;
    this.folder = folder;
    this.environment = environment;
  }

  /**
   * Asks something, which changes nothing and so can be asked again.
   *
   * @return what the command wrote; where it knows some jobs no more, what it wrote of the others
   */
  String ask(BatchCommand command, Deadline deadline) {
    for (Duration pause : PAUSES) {
      try {
        return askOnce(command, deadline);
      } catch (TemporaryException e) {
        if (Thread.currentThread().isInterrupted() || !deadline.pause(pause)) {
          throw e;
        }
      }
    }
    return askOnce(command, deadline);
  }

  private String askOnce(BatchCommand command, Deadline deadline) {
    Host.Answer answer = order(command, deadline);
    if (answer.exitCode() == 0 || complaints.onlyGone(answer.complaint())) {
      return answer.output();
    }
    throw switch (complaints.fault(answer.words())) {
      case PLATFORM, USER -> new MisconfiguredException(failure(command, answer));
      case TEMPORARY -> new TemporaryException(failure(command, answer));
    };
  }

  /** Runs a command once, whatever comes of it. */
  Host.Answer order(BatchCommand command, Deadline deadline) {
    Host.Answer answer = host.run(located(command), deadline.left());
    if (answer.exitCode() == NOT_FOUND) {
      throw new MisconfiguredException(failure(command, answer));
    }
    return answer;
  }

  Fault fault(Host.Answer answer) {
    return complaints.fault(answer.words());
  }

  /** In words for operators. */
  String failure(BatchCommand command, Host.Answer answer) {
    String words = answer.words().replaceAll("\\s*\\n\\s*", "; ");
    return command.program()
        + " on "
        + host.title()
        + ": "
        + (words.length() > MOST_WORDS ? words.substring(0, MOST_WORDS) + "..." : words);
  }

  private BatchCommand located(BatchCommand command) {
    // Scripts of our own need nothing of this.
    if (command.program().equals("sh") || (folder.isEmpty() && environment.isEmpty())) {
      return command;
    }
    List<String> arguments = new ArrayList<>();
    if (!environment.isEmpty()) {
      arguments.add("env");
      arguments.addAll(environment);
    }
    arguments.add(folder.isEmpty() ? command.program() : folder + "/" + command.program());
    arguments.addAll(command.arguments().subList(1, command.arguments().size()));
    return new BatchCommand(arguments, command.input());
  }
}
