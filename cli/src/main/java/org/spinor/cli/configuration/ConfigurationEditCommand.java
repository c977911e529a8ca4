package org.spinor.cli.configuration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ConfigurationEdit;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.cli.session.ServerOption;
import org.spinor.client.Configuration;
import org.spinor.client.ServerUnreachableException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spinor config edit}. */
@Command(
    name = "edit",
    description = {
      "Change the configuration in an editor; for CSAdministrator.",
      "What is saved is checked as a whole. If it is refused the editor opens again with the",
      "problems above the text. Leave the editor without a change to give up: your text is kept",
      "in a file."
    },
    footer = {
      "",
      "The editor is VISUAL, EDITOR or vi.",
      "What somebody else changes in the meantime becomes one with your text, unless it is in the",
      "same lines.",
      "",
      "Examples:",
      "  spinor config edit",
      "  EDITOR=nano spinor config edit --reason 'a new site'",
      "  spinor config edit --from /tmp/spinor-config-1/config.yml   # go on with a kept text"
    })
final class ConfigurationEditCommand implements Callable<Integer> {
  private static final String MARK = "#! ";
  private static final String REASON = MARK + "Reason:";

  private final Context context;

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "TEXT",
      description = "Why; may be written in the editor instead.")
  private @Nullable String reason;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "Begin with the text of this file instead of the newest version.")
  private @Nullable String from;

  @Mixin private ServerOption server = new ServerOption();

  ConfigurationEditCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    Configuration configuration = server.open(context).client().configuration();
    Configuration.Text newest = configuration.text(null);
    List<String> notes = new ArrayList<>();
    if (from != null) {
      notes.add("This is the text of " + from + ", to be put over the newest version.");
    } else {
      Configuration.Check check = configuration.check(newest.yaml());
      if (!check.valid()) {
        notes.add("The newest version is not in force because of its problems:");
        check.problems().forEach(problem -> notes.add("  " + problem));
      }
    }
    String text = from == null ? newest.yaml() : withoutMarks(Files.readString(context.file(from)));
    Path file = Files.createTempDirectory("spinor-config-").resolve("config.yml");
    return edit(configuration, newest, text, notes, file);
  }

  private Integer edit(
      Configuration configuration,
      Configuration.Text newest,
      String text,
      List<String> firstNotes,
      Path file)
      throws IOException {
    String current = text;
    String why = reason == null ? "" : reason;
    List<String> notes = firstNotes;
    boolean first = true;
    while (true) {
      Files.writeString(file, header(why, notes) + current);
      String before = Files.readString(file);
      open(file);
      String saved = Files.readString(file);
      String edited = withoutMarks(saved);
      if (first && edited.equals(newest.yaml())) {
        remove(file);
        context.terminal().say("nothing was changed");
        return ExitCode.DONE;
      }
      if (!first && saved.equals(before)) {
        throw kept(file, notes);
      }
      first = false;
      current = edited;
      why = reason(saved);
      if (why.isEmpty()) {
        notes = List.of("Nothing was changed yet: say why, in the first line.");
        continue;
      }
      try {
        ConfigurationEdit.Done done = configuration.replace(newest.revision(), edited, why, true);
        remove(file);
        ConfigurationText.print(context.terminal(), done);
        return ExitCode.DONE;
      } catch (SpinorException e) {
        notes = refusal(e, file);
      } catch (ServerUnreachableException e) {
        context.terminal().say("your text is kept in " + file);
        throw e;
      }
    }
  }

  /** What the user can mend is shown in the editor; everything else ends the command. */
  private List<String> refusal(SpinorException refusal, Path file) {
    List<String> notes = new ArrayList<>();
    notes.add(String.valueOf(refusal.getMessage()));
    refusal.problems().forEach(problem -> notes.add("  " + problem));
    if (refusal.code() == ErrorCode.PRECONDITION_FAILED) {
      notes.add("Both of you changed the same lines, so the two could not become one.");
      notes.add("Your text is kept; begin again with: spinor config edit --from " + file);
      throw kept(file, notes);
    }
    if (refusal.code() != ErrorCode.CONFIGURATION_INVALID) {
      context.terminal().say("your text is kept in " + file);
      throw refusal;
    }
    return notes;
  }

  private static Failure kept(Path file, List<String> notes) {
    List<String> hints = new ArrayList<>(notes);
    hints.add("your text is kept in " + file);
    return new Failure(ExitCode.FAILED, "nothing was changed", hints.toArray(String[]::new));
  }

  private static void remove(Path file) throws IOException {
    Files.delete(file);
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + "~"));
    try {
      Files.delete(file.resolveSibling(""));
    } catch (IOException e) {
      // the editor left something of its own there
    }
  }

  private static String header(String reason, List<String> notes) {
    StringBuilder header = new StringBuilder();
    header.append(REASON).append(' ').append(reason.replace('\n', ' ')).append('\n');
    notes.forEach(note -> note.lines().forEach(line -> header.append(MARK + line + '\n')));
    header.append(MARK + "Lines that begin with #! are taken away.\n");
    return header.toString();
  }

  private static String reason(String text) {
    return text.lines()
        .filter(line -> line.startsWith(REASON))
        .map(line -> line.substring(REASON.length()).strip())
        .findFirst()
        .orElse("");
  }

  private static String withoutMarks(String text) {
    StringBuilder kept = new StringBuilder();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start) + 1;
      end = end == 0 ? text.length() : end;
      if (!text.startsWith("#!", start)) {
        kept.append(text, start, end);
      }
      start = end;
    }
    return kept.toString();
  }

  private void open(Path file) throws IOException {
    String editor = context.variable("VISUAL").or(() -> context.variable("EDITOR")).orElse("vi");
    Process process =
        new ProcessBuilder("sh", "-c", editor + " \"$1\"", "sh", file.toString())
            .directory(context.directory().toFile())
            .inheritIO()
            .start();
    try {
      int exitCode = process.waitFor();
      if (exitCode != 0) {
        throw new Failure(
            ExitCode.FAILED,
            "the editor '%s' ended with %d; nothing was changed".formatted(editor, exitCode),
            "your text is kept in " + file,
            "name another editor in EDITOR");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(ExitCode.FAILED, "interrupted", "your text is kept in " + file);
    }
  }
}
