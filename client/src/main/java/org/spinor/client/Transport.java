package org.spinor.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * One server, seen through HTTP: sends JSON with a bearer token, turns problem answers into {@link
 * SpinorException}. Thread-safe. It does not retry: whoever calls knows what may be repeated.
 */
public final class Transport {
  private final Connections connections;
  private final URI server;
  private final Supplier<@Nullable String> token;
  private final Duration timeout;

  /**
   * @param server base address without path
   * @param token asked before each request; null: the request goes without authorisation
   * @param timeout of one request, answer included
   */
  public Transport(URI server, Supplier<@Nullable String> token, Duration timeout) {
    this.connections = new Connections();
    this.server = server;
    this.token = token;
    this.timeout = timeout;
  }

  /**
   * One that does not go over the network of this machine.
   *
   * @param client sends everything
   */
  public Transport(
      HttpClient client, URI server, Supplier<@Nullable String> token, Duration timeout) {
    this.connections = Connections.by(client);
    this.server = server;
    this.token = token;
    this.timeout = timeout;
  }

  private Transport(Transport parent, Supplier<@Nullable String> token) {
    this.connections = parent.connections;
    this.server = parent.server;
    this.token = token;
    this.timeout = parent.timeout;
  }

  /** The same server and connections with another token. */
  public Transport withToken(Supplier<@Nullable String> other) {
    return new Transport(this, other);
  }

  /** Breaks off what is on its way, and ends the threads; a later request begins anew. */
  public void close() {
    connections.close();
  }

  public URI server() {
    return server;
  }

  /**
   * Sends a request with a JSON body and returns the body of the answer.
   *
   * @throws SpinorException the server refused; its code, text and problems
   * @throws ServerUnreachableException no answer: wrong address, server down, time-out; or a page
   *     of something between, which says nothing of the request
   */
  public HttpResponse<String> json(String method, String path, @Nullable Object body) {
    HttpRequest.BodyPublisher publisher =
        body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(Json.write(body));
    HttpRequest.Builder request = request(path).method(method, publisher);
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    HttpResponse<String> answer = send(request.build());
    String type = answer.headers().firstValue("Content-Type").orElse("");
    if (type.startsWith("text/html")) {
      throw new ServerUnreachableException(
          server, new IOException("what answers is no Spinor server: it sends a page, " + type));
    }
    return answer;
  }

  /** A request under the server's address, authorised, not yet with a method. */
  public HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(timeout)
            .header("Accept", "application/json");
    String bearer = token.get();
    if (bearer != null) {
      request.header("Authorization", "Bearer " + bearer);
    }
    return request;
  }

  /** Sends any request; an answer of 400 and above becomes an exception. */
  public HttpResponse<String> send(HttpRequest request) {
    HttpResponse<String> answer = exchange(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 400 && answer.statusCode() != 416) {
      throw problem(answer.statusCode(), answer.body());
    }
    return answer;
  }

  /** Sends any request, whatever the status. */
  public <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return connections.of(request.uri()).send(request, handler);
    } catch (IOException e) {
      throw new ServerUnreachableException(origin(request.uri()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerUnreachableException(origin(request.uri()), e);
    }
  }

  /** The server, or the store that it sent us to: without what is signed into an address. */
  private static URI origin(URI address) {
    return URI.create(address.getScheme() + "://" + address.getRawAuthority());
  }

  /** Rebuilds the server's refusal from its answer. */
  public static SpinorException problem(int status, String body) {
    ErrorCode code = byStatus(status);
    String text = "the server answered " + status;
    List<String> problems = new ArrayList<>();
    try {
      JsonNode tree = Json.tree(body);
      JsonNode detail = tree.path("detail");
      if (detail.isString()) {
        text = detail.stringValue();
      } else if (!detail.isMissingNode()) {
        text = "the server refused the request (" + status + ")";
        problems.addAll(details(detail));
      }
      tree.path("problems").forEach(problem -> problems.add(problem.asString()));
      code = byName(tree.path("code").asString(""), code);
    } catch (JacksonException e) {
      if (!body.isBlank()) {
        text += ": " + body.substring(0, Math.min(200, body.length()));
      }
    }
    return new SpinorException(code, text, problems);
  }

  /**
   * Where DiracX answers with more than a text: a list of faults of the body, or jobs that failed.
   */
  private static List<String> details(JsonNode detail) {
    List<String> lines = new ArrayList<>();
    if (detail.isArray()) {
      for (JsonNode fault : detail) {
        String place =
            fault
                .path("loc")
                .valueStream()
                .map(JsonNode::asString)
                .collect(Collectors.joining("."));
        lines.add(place + ": " + fault.path("msg").asString(fault.toString()));
      }
    } else if (detail.path("failed").isObject()) {
      for (Map.Entry<String, JsonNode> job : detail.path("failed").properties()) {
        lines.add("job " + job.getKey() + ": " + job.getValue().path("detail").asString("refused"));
      }
    } else {
      lines.add(detail.toString());
    }
    return lines;
  }

  private static ErrorCode byName(String name, ErrorCode otherwise) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return otherwise;
  }

  private static ErrorCode byStatus(int status) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.httpStatus() == status) {
        return code;
      }
    }
    return status >= 500 ? ErrorCode.INTERNAL : ErrorCode.INVALID_REQUEST;
  }
}
