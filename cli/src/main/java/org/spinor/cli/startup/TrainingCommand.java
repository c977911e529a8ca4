package org.spinor.cli.startup;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.spinor.cli.Main;
import org.spinor.cli.console.Terminal;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import picocli.CommandLine.Command;

/**
 * Runs usual commands against a server of its own, so that the ahead-of-time cache which the
 * launcher makes of this run knows their classes.
 */
@Command(name = "aot-training", hidden = true, description = "Train the ahead-of-time cache.")
public final class TrainingCommand implements Callable<Integer> {
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("--version"),
          List.of("--help"),
          List.of("jobs", "list", "--help"),
          List.of("jobs", "list"),
          List.of("jobs", "list", "--status", "Done", "--output", "json"),
          List.of("jobs", "summary", "--output", "yaml"),
          List.of("jobs", "kill", "1"),
          List.of("whoami"),
          List.of("jobs", "submit", "--dry-run", "--command", "true"),
          List.of("jobs", "lits"));

  private static final Map<String, String> ANSWERS =
      Map.of(
          "/api/jobs/search",
          """
          [{"JobID":1,"Status":"Done","MinorStatus":"x","Site":"ANY","JobName":"x","Owner":"x",
            "LastUpdateTime":"2026-11-21T03:15:39.902881Z"}]""",
          "/api/jobs/summary",
          "[{\"Status\":\"Done\",\"count\":2}]",
          "/api/jobs/kill",
          "{\"changed\":1,\"unchanged\":0}",
          "/api/auth/userinfo",
          "{\"sub\":\"x\",\"vo\":\"x\",\"dirac_group\":\"x\",\"properties\":[],\"preferred_username\":\"x\"}");

  private final Context context;

  TrainingCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body =
              ANSWERS
                  .getOrDefault(exchange.getRequestURI().getPath(), "{}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().set("Content-Range", "jobs 0-0/1");
          // in chunks, as the server answers
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    Path login = Files.createTempFile("spinor-training", ".json");
    try {
      // a login from the file, as most commands have it
      Files.writeString(
          login, "{\"access_token\":\"x\",\"refresh_token\":\"x\",\"expires_on\":4102444800}");
      Map<String, String> environment = new HashMap<>(context.environment());
      environment.remove("SPINOR_TOKEN");
      environment.put("DIRACX_CREDENTIALS_PATH", login.toString());
      environment.put("SPINOR_URL", "http://localhost:" + server.getAddress().getPort());
      PrintStream nowhere =
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
      for (List<String> command : COMMANDS) {
        Terminal terminal =
            new Terminal(new ByteArrayInputStream(new byte[0]), nowhere, nowhere, environment);
        Context training =
            new Context(
                terminal, environment, context.clock(), context.zone(), context.directory());
        Main.run(training, command.toArray(String[]::new));
      }
    } finally {
      server.stop(0);
      Files.delete(login);
    }
    return ExitCode.DONE;
  }
}
