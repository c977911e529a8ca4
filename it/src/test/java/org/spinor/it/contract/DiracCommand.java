package org.spinor.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.spinor.client.Json;
import org.spinor.it.Await;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code dirac} command and what else PyPI has, for one user.
 *
 * @param folder the user's home
 */
record DiracCommand(PythonEnvironment python, URI server, Path folder) {
  static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern GO_TO = Pattern.compile("Now go to: (\\S+)");
  private static final Pattern INSERTED = Pattern.compile("Inserted (\\d+) jobs with ids: (.*)");

  Path credentials() {
    return folder.resolve("credentials.json");
  }

  private Map<String, String> environment(String format) {
    return Map.of(
        "DIRACX_URL",
        server.toString(),
        "DIRACX_CREDENTIALS_PATH",
        credentials().toString(),
        "DIRACX_OUTPUT_FORMAT",
        format,
        "HOME",
        folder.toString(),
        "COLUMNS",
        "200",
        "PYTHONUNBUFFERED",
        "1");
  }

  private List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(python.program("dirac").toString()));
    command.addAll(arguments);
    return command;
  }

  /** What it says where it ends well. */
  String run(String... arguments) {
    return result("JSON", null, List.of(arguments)).orFail().output();
  }

  /**
   * @param format {@code JSON} or {@code RICH}
   * @param input file that it reads as its standard input
   */
  Command.Result result(String format, @Nullable Path input, List<String> arguments) {
    return Command.of(PATIENCE, environment(format), command(arguments), input);
  }

  /** A script of ours with the Python clients. */
  void script(String name) {
    Command.run(
        PATIENCE,
        environment("JSON"),
        List.of(
            python.program("python").toString(),
            PythonEnvironment.script(name).toString(),
            folder.toString()));
  }

  Path jdl(String name) {
    try {
      return Files.writeString(
          folder.resolve(name + ".jdl"),
          "Executable = \"/bin/echo\"; JobName = \"" + name + "\"; JobGroup = \"cli\";");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The numbers of the jobs that a submission made, as it says them. */
  static List<Long> inserted(String output) {
    Matcher said = INSERTED.matcher(output);
    assertThat(said.find()).as(output).isTrue();
    List<Long> ids =
        Pattern.compile(",").splitAsStream(said.group(2).strip()).map(Long::valueOf).toList();
    assertThat(ids).hasSize(Integer.parseInt(said.group(1)));
    return ids;
  }

  /**
   * Logs in by the device flow.
   *
   * @param user does what the command asks for at the address that it names
   * @return what the command said
   */
  String logIn(Consumer<URI> user, String... arguments) {
    Path output = folder.resolve("login.out");
    try {
      List<String> all = new ArrayList<>(List.of("login"));
      all.addAll(List.of(arguments));
      ProcessBuilder builder =
          new ProcessBuilder(command(all))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment("JSON"));
      Process login = builder.start();
      try {
        user.accept(address(login, output));
        assertThat(login.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      } finally {
        login.destroyForcibly();
      }
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static URI address(Process login, Path output) {
    Matcher[] said = new Matcher[1];
    Await.until(
        "the command says where to go",
        PATIENCE,
        () -> {
          try {
            said[0] = GO_TO.matcher(Files.readString(output).replaceAll("\\s+", " "));
            boolean found = said[0].find();
            assertThat(found || login.isAlive()).as(said[0].toString()).isTrue();
            return found;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return URI.create(said[0].group(1));
  }

  JsonNode kept() {
    try {
      return Json.tree(Files.readString(credentials()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the command believe that these credentials want to be refreshed. */
  void expire(JsonNode credentials) {
    try {
      Files.writeString(
          credentials(), Json.write(((ObjectNode) credentials.deepCopy()).put("expires_on", 0)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A refresh gives other tokens for the same user, and after a logout none. */
  void refreshesAndLogsOut(String user) {
    JsonNode spent = kept();
    expire(spent);
    assertThat(run("whoami")).contains("\"" + user + "\"");
    JsonNode fresh = kept();
    assertThat(fresh.path("refresh_token").asString())
        .isNotEmpty()
        .isNotEqualTo(spent.path("refresh_token").asString());
    assertThat(run("logout")).contains("Logout successful!").doesNotContain("Error");
    assertThat(credentials()).doesNotExist();
    expire(fresh);
    Command.Result refused = result("JSON", null, List.of("whoami"));
    assertThat(refused.exit()).isNotZero();
    assertThat(refused.output()).contains("evoked").doesNotContain("\"" + user + "\"");
  }
}
