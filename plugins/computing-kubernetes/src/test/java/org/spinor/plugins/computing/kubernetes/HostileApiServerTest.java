package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.mockwebserver.http.MockResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spinor.spi.Credentials;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.PluginException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.QueueInfo;
import org.spinor.spi.computing.SubmitResult;

/** Answers that are late, wrong, of somebody else, or none. */
class HostileApiServerTest {
  private static final String JOBS = "/apis/batch/v1/namespaces/pilots/jobs";
  private static final PilotReference PILOT = new PilotReference("pilot-a");

  /** No test waits so long; the first of a JVM has the client to load within it. */
  private static final Duration TIME_LIMIT = Duration.ofMinutes(3);

  @TempDir Path folder;
  private final FakeApiServer server = new FakeApiServer(pod -> new byte[0]);

  @AfterEach
  void stopServer() {
    server.close();
  }

  private ComputingElement element(Credentials credentials, String... pairs) {
    Map<String, String> given =
        new HashMap<>(
            Map.of(
                "ApiServer",
                server.address(),
                "Namespace",
                "pilots",
                "Image",
                "i",
                "TokenSecret",
                "k8s"));
    for (int i = 0; i < pairs.length; i += 2) {
      given.put(pairs[i], pairs[i + 1]);
    }
    given.values().removeIf(String::isEmpty);
    return new KubernetesPlugin()
        .create(
            new ComputingElementContext(
                "LCG.Kubernetes.test",
                "k8s.test",
                "pilots",
                given,
                credentials,
                folder,
                TIME_LIMIT,
                InstantSource.system()));
  }

  private ComputingElement element() {
    return element(new KubernetesContractTest.OneSecret("token-1"));
  }

  private static PilotSubmission pilot(String stamp) {
    return new PilotSubmission(
        stamp, "vo", "exit 0\n", Map.of(), List.of(), PilotSubmission.Size.oneCore());
  }

  private static String status(int code, String message) {
    return "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":%d,\"message\":\"%s\"}"
        .formatted(code, message);
  }

  @ParameterizedTest
  @CsvSource({
    "401, Unauthorized, Misconfigured",
    "403, jobs is forbidden: User cannot list, Refused",
    "404, the server could not find the requested resource, Misconfigured",
    "429, too many requests, Temporary",
    "500, etcdserver: leader changed, Temporary",
    "503, try again, Temporary"
  })
  void failuresOfACallAreOfTheRightKindAndSayWhy(int code, String message, String kind) {
    server.prefer("GET", ".*", code, status(code, message));
    try (ComputingElement element = element()) {
      assertThatThrownBy(() -> element.status(List.of(PILOT)))
          .isInstanceOfSatisfying(
              PluginException.class,
              e -> {
                assertThat(e.getClass().getSimpleName()).isEqualTo(kind + "Exception");
                assertThat(e).hasMessageContaining(message);
                assertThat(e.getMessage()).doesNotContain("token-1");
              });
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<html>a proxy</html>",
        "{\"kind\":\"JobList\",\"items\":",
        "[]",
        "{\"kind\":\"JobList\",\"apiVersion\":\"batch/v1\",\"items\":[{\"metadata\":{\"name\":5}}",
        "null"
      })
  void nonsenseIsATemporaryFailure(String body) {
    server.prefer("GET", ".*", 200, body);
    try (ComputingElement element = element()) {
      assertThatThrownBy(() -> element.status(List.of(PILOT)))
          .isInstanceOf(TemporaryException.class);
    }
  }

  @Test
  void itemsWithoutNamesAreLeftOut() {
    server.prefer(
        "GET",
        JOBS + ".*",
        200,
        """
        {"kind":"JobList","apiVersion":"batch/v1","items":[{}, {"metadata":{}},
         {"metadata":{"name":"pilot-a","creationTimestamp":"yesterday"}, "unknown":{"x":[1]}}]}
        """);
    try (ComputingElement element = element()) {
      assertThat(element.status(List.of(PILOT)).get(PILOT))
          .satisfies(report -> assertThat(report.state()).isEqualTo(PilotState.WAITING));
      assertThat(element.queueInfo())
          .isEqualTo(new QueueInfo(OptionalInt.of(1), OptionalInt.of(0), OptionalInt.empty()));
    }
  }

  @Test
  void pagesAreFollowedToTheirEnd() {
    server.prefer(
        "GET",
        JOBS + ".*continue=next.*",
        200,
        "{\"kind\":\"JobList\",\"apiVersion\":\"batch/v1\",\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"pilot-b\"}}]}");
    server.prefer(
        "GET",
        JOBS + ".*",
        200,
        "{\"kind\":\"JobList\",\"apiVersion\":\"batch/v1\",\"metadata\":{\"continue\":\"next\"},\"items\":[{\"metadata\":{\"name\":\"pilot-a\"}}]}");
    try (ComputingElement element = element()) {
      assertThat(element.status(List.of(PILOT, new PilotReference("pilot-b"))).values())
          .allMatch(report -> report.state() == PilotState.WAITING);
    }
  }

  @Test
  void fullQuotaIsNoFailureAndItsNeighbourGoesThrough() {
    server.prefer(
        request ->
            request.getMethod().equals("POST")
                    && request.getPath().startsWith(JOBS)
                    && new String(request.getBody().getBytes(), StandardCharsets.UTF_8)
                        .contains("pilot-full")
                ? Optional.of(
                    new MockResponse()
                        .setResponseCode(403)
                        .setBody(status(403, "forbidden: exceeded quota: count/jobs.batch=10")))
                : Optional.empty());
    try (ComputingElement element = element()) {
      List<SubmitResult> results = element.submit(List.of(pilot("full"), pilot("good")));
      assertThat(results.getFirst())
          .isInstanceOfSatisfying(
              SubmitResult.Refused.class,
              refused -> {
                assertThat(refused.fault()).isEqualTo(Fault.TEMPORARY);
                assertThat(refused.reason()).contains("exceeded quota");
              });
      assertThat(results.getLast()).isInstanceOf(SubmitResult.Accepted.class);
    }
  }

  @Test
  void jobThatLostItsSecretGetsItWithTheNextSubmission() {
    server.prefer("POST", ".*/secrets", 500, status(500, "no etcd"));
    try (ComputingElement element = element()) {
      assertThat(element.submit(List.of(pilot("a"))).getFirst())
          .isInstanceOf(SubmitResult.Refused.class);
    }
    server.forget();
    try (ComputingElement element = element();
        var client = server.client()) {
      assertThat(client.secrets().inNamespace("pilots").withName("pilot-a").get()).isNull();
      assertThat(element.submit(List.of(pilot("a"))).getFirst())
          .isEqualTo(new SubmitResult.Accepted("a", PILOT));
      assertThat(client.secrets().inNamespace("pilots").withName("pilot-a").get()).isNotNull();
      assertThat(client.batch().v1().jobs().inNamespace("pilots").list().getItems()).hasSize(1);
    }
  }

  @Test
  void whyThereIsNoPodIsTold() {
    server.prefer(
        "GET",
        "/api/v1/namespaces/pilots/events.*reason.*FailedCreate.*",
        200,
        """
        {"kind":"EventList","apiVersion":"v1","items":[{"metadata":{"name":"e"},"reason":"FailedCreate",
         "involvedObject":{"kind":"Job","name":"pilot-a"},"message":"violates PodSecurity"},{"metadata":{"name":"f"}}]}
        """);
    server.prefer(
        "GET",
        JOBS + ".*",
        200,
        "{\"kind\":\"JobList\",\"apiVersion\":\"batch/v1\",\"items\":[{\"metadata\":{\"name\":\"pilot-a\",\"creationTimestamp\":\"2020-01-01T00:00:00Z\"}}]}");
    try (ComputingElement element = element()) {
      assertThat(element.status(List.of(PILOT)).get(PILOT))
          .satisfies(
              report -> {
                assertThat(report.state()).isEqualTo(PilotState.HELD);
                assertThat(report.reason()).isEqualTo("violates PodSecurity");
              });
    }
  }

  @Test
  void outputDoesWithoutEventsItMayNotSee() {
    server.prefer("GET", ".*/events.*", 403, status(403, "events is forbidden"));
    try (ComputingElement element = element()) {
      assertThat(element.output(PILOT, 100).log()).isEmpty();
    }
  }

  @Test
  void podThatHasNotBegunIsNotWaitedFor() {
    server.prefer(
        "GET",
        "/api/v1/namespaces/pilots/pods\\?.*",
        200,
        "{\"kind\":\"PodList\",\"apiVersion\":\"v1\",\"metadata\":{},\"items\":[{\"metadata\":{\"name\":\"pilot-a-x\"}}]}");
    server.prefer(
        "GET",
        ".*/log.*",
        400,
        status(400, "container pilot is waiting to start: PodInitializing"));
    try (ComputingElement element = element()) {
      assertThat(element.output(PILOT, 100).standardOutput()).isEmpty();
      assertThat(server.requests())
          .extracting(request -> request.getPath().replaceAll("\\?.*", ""))
          .as("rights beyond the documented ones would be needed for more")
          .containsOnly(
              "/api/v1/namespaces/pilots/pods",
              "/api/v1/namespaces/pilots/pods/pilot-a-x/log",
              "/api/v1/namespaces/pilots/events")
          .hasSize(4);
    }
  }

  @Test
  void jobsOfOthersAreNotTouched() {
    try (ComputingElement element = element();
        var client = server.client()) {
      client
          .batch()
          .v1()
          .jobs()
          .inNamespace("pilots")
          .resource(new JobBuilder().withNewMetadata().withName("pilot-a").endMetadata().build())
          .create();
      element.cancel(List.of(PILOT, new PilotReference("../../nodes/n1")));
      element.purge(List.of(PILOT, new PilotReference("../../nodes/n1")));
      assertThat(client.batch().v1().jobs().inNamespace("pilots").withName("pilot-a").get())
          .satisfies(job -> assertThat(job.getMetadata().getAnnotations()).isNullOrEmpty());
      assertThat(server.requests()).noneMatch(request -> request.getPath().contains("nodes"));
    }
  }

  @Test
  void nobodyListensIsTemporaryAndAnUnknownHostIsNot() {
    try (ComputingElement nobody =
            element(new KubernetesContractTest.OneSecret("t"), "ApiServer", "http://127.0.0.1:9");
        ComputingElement unknown =
            element(
                new KubernetesContractTest.OneSecret("t"), "ApiServer", "https://k8s.invalid")) {
      assertThatThrownBy(() -> nobody.status(List.of(PILOT)))
          .isInstanceOf(TemporaryException.class);
      assertThatThrownBy(() -> unknown.status(List.of(PILOT)))
          .isInstanceOf(PluginException.class)
          .hasMessageNotContaining("null");
    }
  }

  @Test
  void tokenIsAskedForAtEachUse() {
    int[] asked = new int[1];
    Credentials changing =
        new Credentials() {
          @Override
          public org.spinor.spi.Credential.Token token(String scope, String audience) {
            return Credentials.none().token(scope, audience);
          }

          @Override
          public org.spinor.spi.Credential.SshKey sshKey() {
            return Credentials.none().sshKey();
          }

          @Override
          public org.spinor.spi.Credential.Secret secret(String name) {
            return new org.spinor.spi.Credential.Secret("token-" + ++asked[0], Optional.empty());
          }
        };
    try (ComputingElement element = element(changing)) {
      element.status(List.of(PILOT));
      element.status(List.of(PILOT));
    }
    assertThat(server.requests())
        .extracting(request -> String.valueOf(request.getHeader("Authorization")))
        .containsExactly("Bearer token-1", "Bearer token-2");
  }

  @Test
  void kubeconfigGivesAddressNamespaceAndLogin() throws Exception {
    String kubeConfig =
        """
        apiVersion: v1
        kind: Config
        current-context: other
        clusters: [{name: c, cluster: {server: "%s"}}]
        users: [{name: u, user: {token: from-kubeconfig}}]
        contexts:
        - {name: other, context: {cluster: nowhere, user: u}}
        - {name: good, context: {cluster: c, user: u, namespace: elsewhere}}
        """
            .formatted(server.address());
    Path file = Files.writeString(folder.resolve("config"), kubeConfig);
    String[] common = {"ApiServer", "", "Namespace", "", "TokenSecret", ""};
    try (ComputingElement byFile =
            element(
                Credentials.none(),
                with(common, "KubeConfig", file.toString(), "KubeContext", "good"));
        ComputingElement bySecret =
            element(
                new KubernetesContractTest.OneSecret(kubeConfig),
                with(common, "KubeConfigSecret", "k", "KubeContext", "good"));
        ComputingElement broken =
            element(
                new KubernetesContractTest.OneSecret("users: [secret-thing"),
                with(common, "KubeConfigSecret", "k"))) {
      byFile.status(List.of(PILOT));
      bySecret.status(List.of(PILOT));
      assertThat(server.requests())
          .hasSize(2)
          .allMatch(request -> request.getPath().contains("/namespaces/elsewhere/jobs"))
          .allMatch(request -> "Bearer from-kubeconfig".equals(request.getHeader("Authorization")));
      assertThatThrownBy(() -> broken.status(List.of(PILOT)))
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageNotContaining("secret-thing");
    }
  }

  private static String[] with(String[] common, String... further) {
    return java.util.stream.Stream.concat(
            java.util.Arrays.stream(common), java.util.Arrays.stream(further))
        .toArray(String[]::new);
  }

  @Test
  void withoutAnyLoginTheOperatorIsToldWhatToSet() {
    try (ComputingElement element =
        element(Credentials.none(), "ApiServer", "", "TokenSecret", "")) {
      assertThatThrownBy(() -> element.status(List.of(PILOT)))
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageContaining("KubeConfig");
    }
  }

  @Test
  void certificatesThatAreNotThereAreTheOperatorsMatter() {
    try (ComputingElement element =
        element(
            new KubernetesContractTest.OneSecret("t"),
            "ApiServer",
            "https://127.0.0.1:9",
            "CaFile",
            folder.resolve("none.pem").toString())) {
      assertThatThrownBy(() -> element.status(List.of(PILOT)))
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageContaining("none.pem");
    }
  }

  @Test
  void podOfTheServerGivesLoginAndNamespace() throws Exception {
    Files.writeString(folder.resolve("token"), "of-the-pod\n");
    Files.writeString(folder.resolve("namespace"), "home");
    Settings settings =
        Settings.of(org.spinor.spi.Parameters.of(Settings.parameters(), Map.of("Image", "i")));
    try (Access access =
        new Access(
            settings.login(),
            Credentials.none(),
            new Access.Surroundings(
                TIME_LIMIT, Optional.of(new InCluster(server.address(), folder))))) {
      assertThat(access.open().namespace()).isEqualTo("home");
      access.open().client().pods().inNamespace("home").list();
      assertThat(server.requests().getFirst().getHeader("Authorization"))
          .isEqualTo("Bearer of-the-pod");
    }
  }

  @Test
  void interruptedCallEndsEarly() throws Exception {
    server.prefer(
        request ->
            Optional.of(
                new MockResponse()
                    .setResponseCode(200)
                    .setBody("{}")
                    .setBodyDelay(Duration.ofMinutes(10))));
    try (ComputingElement element = element()) {
      Throwable[] thrown = new Throwable[1];
      Thread thread =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      element.status(List.of(PILOT));
                    } catch (TemporaryException | RefusedException e) {
                      thrown[0] = e;
                    }
                  });
      while (server.requests().isEmpty()) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      thread.join(Duration.ofSeconds(60));
      assertThat(thread.isAlive()).isFalse();
      assertThat(thrown[0]).isInstanceOf(TemporaryException.class);
    }
  }
}
