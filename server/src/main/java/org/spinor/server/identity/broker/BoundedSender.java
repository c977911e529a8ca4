package org.spinor.server.identity.broker;

import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests whose answers may take so long and be so large, whatever the other side does: the
 * library's own sender limits each single read only.
 */
final class BoundedSender implements HTTPRequestSender {
  private static final int MAX_BYTES = 1_000_000;

  private final HttpClient http;
  private final Duration limit;

  BoundedSender(Duration limit) {
    this.limit = limit;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(limit)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  @Override
  public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
    HttpRequest.Builder sent =
        HttpRequest.newBuilder(request.getURI())
            .method(
                request.getMethod().name(), HttpRequest.BodyPublishers.ofString(request.getBody()));
    request
        .getHeaderMap()
        .forEach((name, values) -> values.forEach(value -> sent.header(name, value)));
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(sent.build(), BodyHandlers.limiting(BodyHandlers.ofString(), MAX_BYTES));
    try {
      return read(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer within " + limit.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static HTTPResponse read(HttpResponse<String> answer) throws IOException {
    HTTPResponse response = new HTTPResponse(answer.statusCode());
    try {
      response.setContentType(answer.headers().firstValue("Content-Type").orElse("text/plain"));
    } catch (ParseException e) {
      throw new IOException("an answer of no known type", e);
    }
    response.setBody(answer.body());
    return response;
  }
}
