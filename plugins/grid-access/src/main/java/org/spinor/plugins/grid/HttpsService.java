package org.spinor.plugins.grid;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.PluginException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;

/**
 * Requests to one service: HTTP/1.1 over TLS, connections kept. Answers that are no success become
 * exceptions, but for those that the caller wants to see.
 */
public final class HttpsService implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(15);
  private static final long LARGEST = 64L << 20;

  private final URI base;
  private final Access access;
  private final String kind;
  private @Nullable Connection connection;

  private record Connection(SSLContext tls, HttpClient client) {}

  /**
   * @param base as {@code https://ce.example.org:443/arex}
   * @param kind what should answer there, for messages: {@code a service of ARC}
   */
  public HttpsService(URI base, Access access, String kind) {
    this.base = base;
    this.access = access;
    this.kind = kind;
  }

  /** One request; {@code path} is behind the base, empty texts are left out. */
  public record Request(
      String method, String path, String contentType, String body, String accept) {
    public static Request get(String path) {
      return new Request("GET", path, "", "", "application/xml");
    }

    public static Request head(String path) {
      return new Request("HEAD", path, "", "", "*/*");
    }

    public static Request post(String path, String contentType, String body) {
      return new Request("POST", path, contentType, body, "application/xml");
    }

    public static Request put(String path, String contentType, String body) {
      return new Request("PUT", path, contentType, body, "*/*");
    }
  }

  /** The service as people know it. */
  public String title() {
    return base.getHost() + ":" + (base.getPort() < 0 ? 443 : base.getPort());
  }

  /** What succeeds. */
  public HttpResponse<byte[]> ask(Request request, Deadline deadline, String... headers) {
    HttpResponse<byte[]> answer = send(request, deadline, headers);
    int code = answer.statusCode();
    if (code / 100 == 2) {
      return answer;
    }
    throw refusal(request, code);
  }

  /** What an answer means that is no success. */
  public PluginException refusal(Request request, int code) {
    String words = title() + " answers " + code + " to " + request.method() + " " + request.path();
    return switch (code) {
      case 401, 403 ->
          new RefusedException(
              words
                  + ": the credential is not accepted, or mapped to no account or to one that may"
                  + " not do this");
      case 404, 501, 405 -> new MisconfiguredException(words + ": not " + kind);
      default -> new TemporaryException(words);
    };
  }

  /** Whatever the service answers. */
  public HttpResponse<byte[]> send(Request request, Deadline deadline, String... headers) {
    BodyPublisher body =
        request.body().isEmpty()
            ? BodyPublishers.noBody()
            : BodyPublishers.ofString(request.body());
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base + request.path()))
            .method(request.method(), body)
            .header("Accept", request.accept());
    if (!request.contentType().isEmpty()) {
      builder.header("Content-Type", request.contentType());
    }
    if (headers.length > 0) {
      builder.headers(headers);
    }
    access.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
    CompletableFuture<HttpResponse<byte[]>> answer =
        client()
            .sendAsync(builder.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    try {
      return answer.get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new TemporaryException(title() + " does not answer in time", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new TemporaryException("interrupted while " + title() + " was asked", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    }
  }

  private RuntimeException failure(Throwable cause) {
    for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
      if (inner instanceof UnresolvedAddressException) {
        return new TemporaryException("the name of " + title() + " cannot be resolved", cause);
      }
      if (inner instanceof CertificateException) {
        return new MisconfiguredException(
            "the certificate of " + title() + " is not trusted (CAPath): " + inner.getMessage(),
            cause);
      }
    }
    return switch (cause) {
      case SSLException tls ->
          new TemporaryException("no TLS with " + title() + ": " + tls.getMessage(), tls);
      case ConnectException refused ->
          new TemporaryException(title() + " cannot be reached", refused);
      case IOException broken ->
          new TemporaryException(
              "the connection to " + title() + " broke: " + broken.getMessage(), broken);
      default -> new TemporaryException(title() + ": " + cause, cause);
    };
  }

  private synchronized HttpClient client() {
    SSLContext tls = access.tls();
    if (connection == null || !connection.tls().equals(tls)) {
      // What the old one has begun goes on; it ends when nobody has it any more.
      connection =
          new Connection(
              tls,
              HttpClient.newBuilder()
                  .version(HttpClient.Version.HTTP_1_1)
                  .followRedirects(HttpClient.Redirect.NEVER)
                  .connectTimeout(CONNECT)
                  .sslContext(tls)
                  .build());
    }
    return connection.client();
  }

  @Override
  public synchronized void close() {
    if (connection != null) {
      connection.client().shutdownNow();
      connection = null;
    }
  }
}
