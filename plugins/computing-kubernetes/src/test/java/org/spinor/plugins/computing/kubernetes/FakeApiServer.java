package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** fabric8's mock server in CRUD mode, with logs of pods, and with answers that a test prefers. */
final class FakeApiServer implements AutoCloseable {
  private static final Pattern LOG = Pattern.compile("/api/v1/namespaces/[^/]+/pods/([^/]+)/log.*");

  /** It tells of every request; held here, since loggers that nobody holds forget their level. */
  private static final Logger QUIET = Logger.getLogger("io.fabric8.mockwebserver");

  static {
    QUIET.setLevel(Level.WARNING);
  }

  private final MockWebServer server = new MockWebServer();
  private final List<Function<RecordedRequest, Optional<MockResponse>>> preferred =
      new CopyOnWriteArrayList<>();
  private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();

  /**
   * @param logs of pods, by name
   */
  FakeApiServer(Function<String, byte[]> logs) {
    Dispatcher resources = new KubernetesCrudDispatcher();
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            requests.add(request);
            for (Function<RecordedRequest, Optional<MockResponse>> each : preferred) {
              Optional<MockResponse> answer = each.apply(request);
              if (answer.isPresent()) {
                return answer.get();
              }
            }
            Matcher log = LOG.matcher(request.getPath());
            return log.matches()
                ? new MockResponse().setResponseCode(200).setBody(logs.apply(log.group(1)))
                : resources.dispatch(request);
          }
        });
    server.start(InetAddress.getLoopbackAddress(), 0);
  }

  String address() {
    return "http://127.0.0.1:" + server.getPort();
  }

  /** What was asked so far. */
  List<RecordedRequest> requests() {
    return List.copyOf(requests);
  }

  /** Answers by itself again. */
  void forget() {
    preferred.clear();
  }

  /** Answers so where the function has an answer; the last one counts less than earlier ones. */
  void prefer(Function<RecordedRequest, Optional<MockResponse>> answer) {
    preferred.add(answer);
  }

  /** Answers requests whose method and path match with this. */
  void prefer(String method, String path, int code, String body) {
    prefer(
        request ->
            request.getMethod().equals(method) && request.getPath().matches(path)
                ? Optional.of(
                    new MockResponse()
                        .setResponseCode(code)
                        .setHeader("Content-Type", "application/json")
                        .setBody(body))
                : Optional.empty());
  }

  KubernetesClient client() {
    return new KubernetesClientBuilder()
        .withConfig(new ConfigBuilder(Config.empty()).withMasterUrl(address()).build())
        .withHttpClientFactory(new JdkHttpClientFactory())
        .build();
  }

  @Override
  public void close() {
    server.shutdown();
  }
}
