package org.spinor.plugins.computing.kubernetes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What Kubernetes gives to a pod that has a service account: the address of the API server in the
 * environment, token, CA and namespace as files.
 *
 * @param folder with the files
 */
record InCluster(String apiServer, Path folder) {
  private static final Path FOLDER = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  /** Of the pod in which the server runs; empty: it runs somewhere else. */
  static Optional<InCluster> ofThisPod(Map<String, String> environment) {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    if (host.isEmpty() || !Files.exists(FOLDER.resolve("token"))) {
      return Optional.empty();
    }
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    String name = host.contains(":") ? "[" + host + "]" : host;
    return Optional.of(new InCluster("https://" + name + ":" + port, FOLDER));
  }
}
