package org.spinor.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The plug-in for Kubernetes as it is shipped, a folder with a class loader of its own, sends
 * pilots to an API server that keeps Jobs and lets none of them run.
 */
class KubernetesIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String JOBS = "/apis/batch/v1/namespaces/pilots/jobs";

  @TempDir Path folder;
  private final Map<String, ObjectNode> jobs = new ConcurrentHashMap<>();
  private final List<JsonNode> secrets = new CopyOnWriteArrayList<>();
  private final List<String> logins = new CopyOnWriteArrayList<>();

  @Test
  void waitingJobMakesAPilotsJobInTheCluster() throws Exception {
    HttpServer cluster =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    cluster.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    cluster.createContext("/", this::answer);
    cluster.start();
    String address = "http://127.0.0.1:" + cluster.getAddress().getPort();
    Path kubeConfig =
        Files.writeString(
            folder.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: c
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:9"}}]
            users: [{name: u, user: {token: of-the-account}}]
            contexts: [{name: c, context: {cluster: c, user: u}}]
            """);
    try (ServerProcess server =
        ServerProcess.withConfiguration(
            Configurations.kubernetes(address, kubeConfig.toString()))) {
      server.as("user", "alice").submit("Executable = \"/bin/true\";");
      Api operator = server.as("admin", "admin");
      Await.until(
          "the pilot waits in the cluster; see " + server.log(),
          Duration.ofMinutes(2),
          () ->
              operator
                  .ok("POST", "/api/pilots/search", Map.of())
                  .toString()
                  .contains("\"Waiting\""));
      assertThat(jobs).hasSize(1);
      assertThat(logins).isNotEmpty().allMatch("Bearer of-the-account"::equals);
      JsonNode job = jobs.values().iterator().next();
      JsonNode secret = secrets.getFirst();
      assertThat(secret.path("metadata").path("ownerReferences").path(0).path("uid").asString())
          .isEqualTo(job.path("metadata").path("uid").asString());
      String stamp = job.path("metadata").path("labels").path("spinor.org/stamp").asString();
      assertThat(job.path("metadata").path("name").asString()).isEqualTo("pilot-" + stamp);
      assertThat(server.log()).content().doesNotContain("No SLF4J providers");
    } finally {
      cluster.stop(0);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    logins.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    JsonNode body = JSON.readTree(exchange.getRequestBody());
    boolean posted = exchange.getRequestMethod().equals("POST");
    JsonNode answer;
    int code = posted ? 201 : 200;
    if (path.equals(JOBS) && posted) {
      ObjectNode job = (ObjectNode) body;
      String name = body.path("metadata").path("name").asString();
      ((ObjectNode) job.get("metadata")).put("uid", "uid-of-" + name);
      code = jobs.putIfAbsent(name, job) == null ? 201 : 409;
      answer = job;
    } else if (posted) {
      secrets.add(body);
      answer = body;
    } else {
      ObjectNode list = JSON.createObjectNode();
      list.put("apiVersion", path.equals(JOBS) ? "batch/v1" : "v1");
      list.put("kind", path.equals(JOBS) ? "JobList" : "PodList");
      list.putArray("items").addAll(path.equals(JOBS) ? jobs.values() : List.of());
      answer = list;
    }
    byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
