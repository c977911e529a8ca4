package org.spinor.plugins.computing.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.spinor.plugins.testbed.KubernetesAdmin;
import org.spinor.plugins.testbed.KubernetesCluster;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;

/** One real cluster for all tests that want one: it takes half a minute to start. */
final class RealCluster implements BeforeAllCallback {
  static final Duration LIMIT = Duration.ofMinutes(1);
  private static final AtomicInteger PLACES = new AtomicInteger();
  private static @Nullable KubernetesCluster shared;

  @Override
  public void beforeAll(ExtensionContext context) {
    shared =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.create(RealCluster.class))
            .computeIfAbsent(
                KubernetesCluster.class, key -> new KubernetesCluster(), KubernetesCluster.class);
  }

  static KubernetesCluster get() {
    return Objects.requireNonNull(shared);
  }

  /** A namespace of its own, and an account that may there what operators are told to allow. */
  static Place place(String level) {
    return place(level, KubernetesAdmin.documentedRules());
  }

  static Place place(String level, List<String> rules) {
    String namespace = "pilots-" + PLACES.incrementAndGet();
    get().admin().namespace(namespace, level);
    return new Place(namespace, get().admin().account(namespace, "spinor", rules));
  }

  /**
   * Where pilots go.
   *
   * @param token of the account that sends them
   */
  record Place(String namespace, String token) {
    ComputingElement open(String... pairs) {
      Map<String, String> given = new HashMap<>();
      given.put("ApiServer", get().endpoint());
      given.put("CaFile", get().authority().toString());
      given.put("TokenSecret", "k8s");
      given.put("Namespace", namespace);
      given.put("Image", KubernetesCluster.IMAGE);
      given.put("GraceSeconds", "2");
      for (int i = 0; i < pairs.length; i += 2) {
        given.put(pairs[i], pairs[i + 1]);
      }
      return new KubernetesPlugin()
          .create(
              new ComputingElementContext(
                  "LCG.Kubernetes.test",
                  "k8s.test",
                  "pilots",
                  given,
                  new KubernetesContractTest.OneSecret(token),
                  Path.of("/nonexistent"),
                  LIMIT,
                  InstantSource.system()));
    }

    /** The path of something in the namespace. */
    String path(String kind, String name) {
      String group = kind.equals("jobs") ? "/apis/batch/v1" : "/api/v1";
      return group + "/namespaces/" + namespace + "/" + kind + (name.isEmpty() ? "" : "/" + name);
    }
  }
}
