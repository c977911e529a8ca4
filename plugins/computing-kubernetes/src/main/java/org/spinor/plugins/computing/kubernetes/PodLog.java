package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The log of a pilot's container, asked for by one request. The client's own way watches the pod
 * first, in case that it has not begun: seconds, and a right more that an account needs.
 */
final class PodLog {
  private PodLog() {}

  /**
   * The log as it is now.
   *
   * @throws KubernetesClientException there is none, or it may not be read
   */
  static InputStream of(KubernetesClient client, String namespace, String pod) throws IOException {
    String path =
        "api/v1/namespaces/%s/pods/%s/log?container=%s"
            .formatted(namespace, pod, Manifest.CONTAINER);
    String server = client.getMasterUrl().toString();
    HttpRequest request =
        client
            .getHttpClient()
            .newHttpRequestBuilder()
            .uri(server + (server.endsWith("/") ? "" : "/") + path)
            .timeout(client.getConfiguration().getRequestTimeout(), TimeUnit.MILLISECONDS)
            .build();
    HttpResponse<InputStream> response = response(client, request);
    if (response.isSuccessful()) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      throw new KubernetesClientException(text, response.code(), status(text));
    }
  }

  private static HttpResponse<InputStream> response(KubernetesClient client, HttpRequest request) {
    try {
      return client.getHttpClient().sendAsync(request, InputStream.class).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("interrupted", e);
    } catch (ExecutionException e) {
      throw new KubernetesClientException("the log of a pod", e.getCause());
    }
  }

  /** Nothing where something else than the API server has answered. */
  private static @Nullable Status status(String text) {
    try {
      return Serialization.unmarshal(text, Status.class);
    } catch (RuntimeException e) {
      return null;
    }
  }
}
