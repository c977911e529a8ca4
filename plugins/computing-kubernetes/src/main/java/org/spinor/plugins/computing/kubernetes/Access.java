package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;

/**
 * The way to the API server. Credentials are asked for at each use: a token that has changed is
 * used from then on, a kubeconfig that has changed makes a new client.
 */
final class Access implements AutoCloseable {
  private static final String NAMESPACE = "default";
  private static final int RETRIES = 2;
  private static final int BETWEEN_RETRIES = 200;
  private static final int TO_CONNECT = 10_000;

  private final Settings.Login login;
  private final Credentials credentials;
  private final Surroundings surroundings;
  private final List<KubernetesClient> retired = new ArrayList<>();
  private volatile String token = "";
  private @Nullable Open open;
  private boolean closed;

  /**
   * @param timeLimit of one request
   * @param pod in which the server runs; empty: in none
   */
  record Surroundings(Duration timeLimit, Optional<InCluster> pod) {}

  /**
   * A client and what it was made from.
   *
   * @param namespace of the login
   */
  record Open(String source, KubernetesClient client, String namespace) {}

  Access(Settings.Login login, Credentials credentials, Surroundings surroundings) {
    this.login = login;
    this.credentials = credentials;
    this.surroundings = surroundings;
  }

  /**
   * A client with credentials that are good now.
   *
   * @throws MisconfiguredException there are none, or they cannot be read
   */
  synchronized Open open() {
    if (closed) {
      throw new MisconfiguredException("the element is closed");
    }
    String source = kubeConfig();
    token = token(source.isEmpty());
    Open now = open;
    if (now != null && now.source().equals(source)) {
      return now;
    }
    Open fresh = connect(source);
    if (now != null) {
      // Others may be using it.
      retired.add(now.client());
    }
    open = fresh;
    return fresh;
  }

  /** The text of the kubeconfig; empty: there is none. */
  private String kubeConfig() {
    if (!login.kubeConfigSecret().isEmpty()) {
      return credentials.secret(login.kubeConfigSecret()).value();
    }
    return login.kubeConfig().map(path -> read(path, "KubeConfig")).orElse("");
  }

  private String token(boolean alone) {
    Settings.Scope scope = login.scope();
    if (!login.tokenSecret().isEmpty()) {
      return credentials.secret(login.tokenSecret()).value().strip();
    }
    if (!scope.scope().isEmpty()) {
      String audience = scope.audience().isEmpty() ? login.apiServer() : scope.audience();
      return credentials.token(scope.scope(), audience).value();
    }
    if (!alone) {
      return "";
    }
    InCluster pod =
        surroundings
            .pod()
            .orElseThrow(
                () ->
                    new MisconfiguredException(
                        "no login: set KubeConfig, KubeConfigSecret, TokenSecret or TokenScope, or run the server in a pod with a service account"));
    return read(pod.folder().resolve("token"), "the service account").strip();
  }

  private Open connect(String kubeConfig) {
    Config config;
    try {
      ConfigBuilder builder =
          new ConfigBuilder(kubeConfig.isEmpty() ? Config.empty() : parsed(kubeConfig));
      config = complete(builder, kubeConfig.isEmpty());
      ClientKey.algorithm(config).ifPresent(config::setClientKeyAlgo);
    } catch (RuntimeException e) {
      // Its message may hold a piece of the text, which is a secret.
      throw new MisconfiguredException(
          "the kubeconfig cannot be used: is it whole, and is its context there?");
    }
    String namespace = config.getNamespace();
    if (kubeConfig.isEmpty() && namespace == null) {
      namespace = namespaceOfPod();
    }
    return new Open(kubeConfig, client(config), namespace == null ? NAMESPACE : namespace);
  }

  private static KubernetesClient client(Config config) {
    try {
      return new KubernetesClientBuilder()
          .withConfig(config)
          .withHttpClientFactory(new JdkHttpClientFactory())
          .build();
    } catch (KubernetesClientException e) {
      throw new MisconfiguredException(
          "the login's certificates cannot be used: " + Failures.of(e).getMessage(), e);
    }
  }

  /** In a file, paths of other files are relative to it. */
  private Config parsed(String kubeConfig) {
    if (login.kubeConfig().isPresent()) {
      File file = login.kubeConfig().get().toFile();
      return login.context().isEmpty()
          ? Config.fromKubeconfig(file)
          : Config.fromKubeconfig(login.context(), file);
    }
    if (login.context().isEmpty()) {
      return Config.fromKubeconfig(kubeConfig);
    }
    var parsed = Serialization.unmarshal(kubeConfig, io.fabric8.kubernetes.api.model.Config.class);
    parsed.setCurrentContext(login.context());
    return Config.fromKubeconfig(Serialization.asYaml(parsed));
  }

  private Config complete(ConfigBuilder builder, boolean alone) {
    Optional<InCluster> pod = surroundings.pod().filter(inside -> login.apiServer().isEmpty());
    if (!login.apiServer().isEmpty()) {
      builder.withMasterUrl(login.apiServer());
    } else if (alone) {
      builder.withMasterUrl(pod.map(InCluster::apiServer).orElse(""));
    }
    if (login.caFile().isPresent()) {
      builder.withCaCertFile(login.caFile().get().toString());
      builder.withCaCertData(null);
    } else if (alone) {
      pod.map(inside -> inside.folder().resolve("ca.crt"))
          .filter(Files::exists)
          .ifPresent(ca -> builder.withCaCertFile(ca.toString()));
    }
    if (!token.isEmpty()) {
      builder.withOauthTokenProvider(() -> token);
    }
    int limit = Math.toIntExact(Math.max(1000, surroundings.timeLimit().toMillis()));
    return builder
        .withRequestTimeout(limit)
        .withConnectionTimeout(Math.min(TO_CONNECT, limit))
        .withRequestRetryBackoffLimit(RETRIES)
        .withRequestRetryBackoffInterval(BETWEEN_RETRIES)
        .withUserAgent("spinor")
        .build();
  }

  private @Nullable String namespaceOfPod() {
    return surroundings
        .pod()
        .map(pod -> pod.folder().resolve("namespace"))
        .filter(Files::exists)
        .map(file -> read(file, "the service account").strip())
        .filter(name -> !name.isEmpty())
        .orElse(null);
  }

  private static String read(Path file, String what) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new MisconfiguredException(what + ": cannot read " + file, e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    retired.forEach(KubernetesClient::close);
    if (open != null) {
      open.client().close();
    }
  }
}
