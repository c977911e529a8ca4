package org.spinor.it.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.spinor.api.Assignment;
import org.spinor.api.Offer;
import org.spinor.api.SecretExchange;
import org.spinor.api.TokenResponse;
import org.spinor.api.WorkAnswer;
import org.spinor.api.WorkRequest;
import org.spinor.client.Json;
import org.spinor.it.Api;
import org.spinor.it.Await;
import org.spinor.it.ServerProcess;

/**
 * A pilot of {@code HandPlugin} that has a job, with the tokens of both.
 *
 * @param token the pilot's own
 * @param job what it runs, with the payload's token
 */
record HandPilot(String stamp, String token, Assignment job) {
  private static final Offer ALL =
      new Offer(
          "", "", "", List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
          List.of(), 500_000, 2, true, 4000, 10_000, 0);

  /** Submits a job, and takes it as a pilot would. */
  static HandPilot withAJob(ServerProcess server) {
    server.as("user", "carla").submit("[Executable = \"/bin/true\"; Site = \"LCG.Hand.org\";]");
    Path folder = server.data().resolve("hand-ce");
    Await.until("a pilot is sent", Duration.ofMinutes(2), () -> !stamps(folder).isEmpty());
    String stamp = stamps(folder).getFirst();
    TokenResponse token =
        Json.read(
            Api.anonymous(server.url())
                .ok(
                    "POST",
                    "/api/auth/secret-exchange",
                    new SecretExchange(stamp, secret(folder.resolve(stamp))))
                .toString(),
            TokenResponse.class);
    WorkAnswer work =
        Json.read(
            new Api(server.url(), token.accessToken())
                .ok("POST", "/api/pilots/" + stamp + "/work", new WorkRequest("first", ALL, 1))
                .toString(),
            WorkAnswer.class);
    return new HandPilot(stamp, token.accessToken(), work.jobs().getFirst());
  }

  private static List<String> stamps(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.contains("."))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String secret(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
