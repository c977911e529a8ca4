package org.spinor.pilot.link;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import org.spinor.api.Assignment;
import org.spinor.api.CompanionPilot;
import org.spinor.api.ErrorCode;
import org.spinor.api.PilotAnswer;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.PilotMetadata;
import org.spinor.api.SecretExchange;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.api.WorkAnswer;
import org.spinor.api.WorkRequest;
import org.spinor.client.Json;
import org.spinor.client.Transport;
import org.spinor.edge.spool.SpoolClient;
import tools.jackson.databind.JsonNode;

/**
 * The calls of the pilot itself, with the pilot's token. Nothing is repeated here, except once with
 * a fresh token after a 401. Every call throws {@link SpinorException} or {@link
 * org.spinor.client.ServerUnreachableException}; {@link Fault} sorts them.
 */
public final class ServerLink {
  /** What an edge answers at, whatever its server is called. */
  private static final URI BEHIND_THE_SPOOL = URI.create("http://edge/");

  private final Transport anonymous;
  private final Transport transport;
  private final PilotToken token;
  private final String stamp;
  private final InstantSource local;
  private final ServerClock clock;

  /**
   * @param server its address or that of an edge; {@code file:///folder}: the spool of an edge
   * @param timeout of one request
   * @param local the node's clock
   */
  public ServerLink(
      URI server, String stamp, String secret, Duration timeout, InstantSource local) {
    this.stamp = stamp;
    this.local = local;
    this.clock = new ServerClock(local);
    this.anonymous = transport(server, timeout);
    this.token = new PilotToken(() -> exchange(secret), local);
    this.transport = anonymous.withToken(token);
  }

  private static Transport transport(URI server, Duration timeout) {
    if (!"file".equals(server.getScheme())) {
      return new Transport(server, () -> null, timeout);
    }
    return new Transport(
        new SpoolClient(Path.of(server.getPath())), BEHIND_THE_SPOOL, () -> null, timeout);
  }

  /** The time as the server has it, as well as the answers so far tell. */
  public ServerClock clock() {
    return clock;
  }

  public URI server() {
    return transport.server();
  }

  /** Looks whether anything answers at the server's address, whatever it answers. */
  public void reach() {
    Instant asked = local.instant();
    HttpRequest request = anonymous.request("/api/health/live").GET().build();
    learn(asked, anonymous.exchange(request, HttpResponse.BodyHandlers.ofString()));
  }

  /** Gets a token if there is none that is good. */
  public void authenticate() {
    token.get();
  }

  private TokenResponse exchange(String secret) {
    Instant asked = local.instant();
    HttpResponse<String> answer =
        anonymous.json("POST", "/api/auth/secret-exchange", new SecretExchange(stamp, secret));
    learn(asked, answer);
    return Json.read(answer.body(), TokenResponse.class);
  }

  public WorkAnswer askForWork(WorkRequest request) {
    return Json.read(post("/api/pilots/" + stamp + "/work", request).body(), WorkAnswer.class);
  }

  public PilotAnswer heartbeat(PilotHeartbeat heartbeat) {
    return Json.read(
        post("/api/pilots/" + stamp + "/heartbeat", heartbeat).body(), PilotAnswer.class);
  }

  /**
   * Becomes a pilot of its own on a further node of this pilot's allocation. Asked again it is the
   * same one.
   *
   * @param node its number, from 1
   */
  public CompanionPilot companion(int node) {
    HttpResponse<String> answer =
        authorised(link -> link.json("POST", "/api/pilots/" + stamp + "/nodes/" + node, null));
    return Json.read(answer.body(), CompanionPilot.class);
  }

  /** Says what is known of this pilot. */
  public void describe(PilotMetadata metadata) {
    authorised(link -> link.json("PATCH", "/api/pilots/metadata", Map.of(stamp, metadata)));
  }

  /**
   * Sends a piece of the log.
   *
   * @return the offset that the server wants next, which may lie before the one given if the server
   *     has a gap there
   */
  public long sendLog(long offset, byte[] bytes) {
    HttpResponse<String> answer =
        authorised(
            link -> {
              HttpRequest request =
                  link.request("/api/pilots/" + stamp + "/log?offset=" + offset)
                      .header("Content-Type", "text/plain; charset=utf-8")
                      .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                      .build();
              HttpResponse<String> got =
                  link.exchange(request, HttpResponse.BodyHandlers.ofString());
              if (got.statusCode() >= 400 && got.statusCode() != 409) {
                throw Transport.problem(got.statusCode(), got.body());
              }
              return got;
            });
    JsonNode tree = Json.tree(answer.body());
    JsonNode next = tree.path("next_offset");
    if (!next.isNumber()) {
      throw Transport.problem(answer.statusCode(), answer.body());
    }
    return next.longValue();
  }

  /** The calls for one attempt, with its own token. */
  public JobLink job(Assignment assignment) {
    return new JobLink(
        anonymous.withToken(assignment::token), assignment.jobId(), assignment.attempt());
  }

  private HttpResponse<String> post(String path, Object body) {
    return authorised(link -> link.json("POST", path, body));
  }

  private HttpResponse<String> authorised(Function<Transport, HttpResponse<String>> call) {
    try {
      return timed(call);
    } catch (SpinorException e) {
      if (e.code() != ErrorCode.NOT_AUTHENTICATED) {
        throw e;
      }
      token.forget();
      return timed(call);
    }
  }

  private HttpResponse<String> timed(Function<Transport, HttpResponse<String>> call) {
    token.get(); // before the clock is read: a renewal is a call of its own
    Instant asked = local.instant();
    HttpResponse<String> answer = call.apply(transport);
    learn(asked, answer);
    return answer;
  }

  private void learn(Instant asked, HttpResponse<String> answer) {
    Instant answered = local.instant();
    answer.headers().firstValue("Date").ifPresent(date -> clock.learn(asked, date, answered));
  }
}
