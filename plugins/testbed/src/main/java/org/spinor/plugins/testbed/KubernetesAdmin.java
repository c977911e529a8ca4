package org.spinor.plugins.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody who may do everything in a cluster, by the API server's own interface. */
public final class KubernetesAdmin {
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");
  private static final Pattern RULES =
      Pattern.compile("kind: Role\n.*?rules:\n(.*?)```", Pattern.DOTALL);

  private final String endpoint;
  private final Path folder;

  /**
   * @param folder with the administrator's certificate
   */
  KubernetesAdmin(String endpoint, Path folder) {
    this.endpoint = endpoint;
    this.folder = folder;
  }

  boolean isReady() {
    return curl("/readyz").output().equals("ok");
  }

  /** What stands at a path, as JSON. */
  public String get(String path) {
    return worked(curl(path));
  }

  /** Whether anything stands at a path. */
  public boolean has(String path) {
    return curl(path).code() == 0;
  }

  /** Makes something, described in YAML, in the collection at a path. */
  public String create(String path, String yaml) {
    try {
      Path file = Files.writeString(Files.createTempFile(folder, "new", ".yaml"), yaml);
      return worked(
          curl(path, "-H", "Content-Type: application/yaml", "--data-binary", "@" + file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void delete(String path) {
    worked(curl(path, "-X", "DELETE"));
  }

  private static String worked(Shell.Result result) {
    assertThat(result.code()).as(result.output()).isZero();
    return result.output();
  }

  private Shell.Result curl(String path, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "curl",
                "-sS",
                // For its own name it gets lines and blanks.
                "--user-agent",
                "spinor-test",
                "--fail-with-body",
                "--cacert",
                folder + "/ca.crt",
                "--cert",
                folder + "/admin.crt",
                "--key",
                folder + "/admin.key",
                endpoint + path));
    command.addAll(List.of(more));
    return Shell.run(Map.of(), command.toArray(String[]::new));
  }

  /**
   * Makes a namespace.
   *
   * @param level of the Pod Security Standards that it enforces; {@code privileged} is all
   */
  public void namespace(String name, String level) {
    create(
        "/api/v1/namespaces",
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: %s, labels: {pod-security.kubernetes.io/enforce: %s}}
        """
            .formatted(name, level));
    Shell.eventually(
        "the account of pods in " + name,
        Duration.ofMinutes(1),
        () -> has("/api/v1/namespaces/" + name + "/serviceaccounts/default"));
  }

  /** What operators are told to give to Spinor: rules of a role, one a line. */
  public static List<String> documentedRules() {
    try {
      String page =
          Files.readString(
              Path.of(System.getProperty("spinor.install", "../testbed/src/main/sh/install.sh"))
                  .resolve("../../../../../../docs/operator/sites/kubernetes.md")
                  .normalize());
      Matcher rules = RULES.matcher(page);
      assertThat(rules.find()).isTrue();
      return rules.group(1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes an account that has these rights in a namespace.
   *
   * @param rules of a role, in YAML
   * @return its token, good for an hour
   */
  public String account(String namespace, String name, List<String> rules) {
    String core = "/api/v1/namespaces/" + namespace + "/serviceaccounts";
    String rights = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace;
    create(
        core,
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: %s}
        """
            .formatted(name));
    create(
        rights + "/roles",
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: %s}
        rules:
        %s
        """
            .formatted(name, String.join("\n", rules)));
    create(
        rights + "/rolebindings",
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: %1$s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %1$s}
        subjects: [{kind: ServiceAccount, name: %1$s, namespace: %2$s}]
        """
            .formatted(name, namespace));
    Matcher token =
        TOKEN.matcher(
            create(
                core + "/" + name + "/token",
                """
                apiVersion: authentication.k8s.io/v1
                kind: TokenRequest
                spec: {expirationSeconds: 3600}
                """));
    assertThat(token.find()).isTrue();
    return token.group(1);
  }
}
