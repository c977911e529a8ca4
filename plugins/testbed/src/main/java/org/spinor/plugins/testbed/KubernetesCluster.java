package org.spinor.plugins.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Kubernetes on this machine: API server, controllers, scheduler, and one node that runs
 * pods in containers. Only root can have one. Its programs are built once from their Go modules.
 */
public final class KubernetesCluster implements AutoCloseable {
  /** What the node can run: programs of this machine. */
  public static final String IMAGE = "spinor.test/node:1";

  private static final String API_SERVER = "kube-apiserver";

  private final Path folder;
  private final String net = "10.199." + ProcessHandle.current().pid() % 256;
  private final int port = Shell.freePort();
  private final KubernetesAdmin admin;

  public KubernetesCluster() {
    String program = program();
    try {
      folder = Files.createTempDirectory(Path.of("/tmp"), "spinor-kubernetes");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    admin = new KubernetesAdmin(endpoint(), folder);
    script(
        "make",
        program,
        net,
        Integer.toString(port),
        Integer.toString(Shell.freePort()),
        Integer.toString(Shell.freePort()),
        Integer.toString(Shell.freePort()));
    try {
      startNode();
    } catch (RuntimeException | AssertionError e) {
      script("end");
      throw e;
    }
  }

  /** Skips the tests where there can be none. */
  private static String program() {
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "only root can run containers of a node");
    // Others may be building it; that is waited for.
    Shell.Result built =
        Shell.run(
            Duration.ofHours(1),
            Map.of(),
            "sh",
            file("kubernetes-build.sh"),
            Boolean.getBoolean("kubernetes.real") ? "build" : "cached");
    Assumptions.assumeTrue(built.code() == 0, built.output());
    Shell.need(
        "etcd-server",
        "containerd",
        "runc",
        "containernetworking-plugins",
        "iproute2",
        "openssl",
        "curl");
    return built.output().strip();
  }

  private void startNode() {
    script("start", "etcd", "containerd");
    String images = folder.resolve("image").toString();
    Shell.works(Map.of(), "sh", file("kubernetes-image.sh"), images, IMAGE);
    startApiServer();
    script("start", "kube-controller-manager", "kube-scheduler");
    Shell.works(
        Map.of(),
        "ctr",
        "--address",
        folder + "/containerd/socket",
        "--namespace",
        "k8s.io",
        "images",
        "import",
        images + "/image.tar");
    script("start", "kubelet");
    Shell.eventually(
        "a node that is ready; see " + folder + "/log",
        Duration.ofMinutes(3),
        () -> admin.get("/api/v1/nodes").contains("\"type\":\"Ready\",\"status\":\"True\""));
  }

  private static String file(String name) {
    return Path.of(System.getProperty("spinor.install", "../testbed/src/main/sh/install.sh"))
        .resolveSibling(name)
        .toString();
  }

  private void script(String... arguments) {
    String[] command = new String[arguments.length + 3];
    command[0] = "sh";
    command[1] = file("kubernetes.sh");
    command[2] = folder.toString();
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    Shell.works(Map.of(), command);
  }

  /** Starts it, and waits until it answers. */
  public void startApiServer() {
    script("start", API_SERVER);
    Shell.eventually(
        "an API server that is ready; see " + folder + "/log",
        Duration.ofMinutes(3),
        () -> admin.isReady());
  }

  /** Stops it; what runs in pods goes on. */
  public void stopApiServer() {
    script("stop", API_SERVER);
  }

  public String endpoint() {
    return "https://localhost:" + port;
  }

  public Path authority() {
    return folder.resolve("ca.crt");
  }

  /** What an administrator does. */
  public KubernetesAdmin admin() {
    return admin;
  }

  /** An address of this machine that pods reach. */
  public String address() {
    return net + ".254";
  }

  public Path folder() {
    return folder;
  }

  @Override
  public void close() {
    script("end");
    Shell.run(Map.of(), "rm", "-rf", folder.toString());
  }
}
