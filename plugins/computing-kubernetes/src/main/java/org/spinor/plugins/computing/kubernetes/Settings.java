package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.api.model.Toleration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;

/**
 * What operators can set.
 *
 * @param namespace empty: the one that comes with the login
 */
record Settings(Login login, String namespace, Pod pod, Wishes wishes, Times times) {

  /** How to reach the API server, and as whom. What is not given is empty. */
  record Login(
      String apiServer,
      Optional<Path> kubeConfig,
      String kubeConfigSecret,
      String context,
      String tokenSecret,
      Scope scope,
      Optional<Path> caFile) {}

  /** What a token is asked for; empty: none is. */
  record Scope(String scope, String audience) {}

  /** What runs. */
  record Pod(
      String image,
      String pullPolicy,
      List<String> pullSecrets,
      String serviceAccount,
      Security security,
      long runAsUser,
      List<Mount> mounts) {}

  /** As the Pod Security Standards have it. */
  enum Security {
    BASELINE,
    RESTRICTED,
    PRIVILEGED
  }

  /** Where it should run, and with what. */
  record Wishes(
      Resources resources,
      Map<String, String> nodeSelector,
      List<Toleration> tolerations,
      String priorityClass,
      String runtimeClass,
      Map<String, String> labels,
      Map<String, String> annotations) {}

  /**
   * @param memoryMb of pilots that ask for none; 0: the namespace's default
   * @param diskGb 0: the namespace's default
   * @param limitCores whether the cores asked for are also the most that are given
   * @param gpu the resource that stands for a GPU
   */
  record Resources(long memoryMb, long diskGb, boolean limitCores, String gpu) {}

  /**
   * @param wallTime of pilots that ask for none; zero: no limit
   * @param grace between the signal and the end
   * @param keep how long a Job that has ended is kept
   */
  record Times(Duration wallTime, Duration grace, Duration keep) {}

  static List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>(loginParameters());
    parameters.addAll(podParameters());
    parameters.addAll(wishParameters());
    return List.copyOf(parameters);
  }

  private static List<Parameter> loginParameters() {
    return List.of(
        Parameter.text(
            "ApiServer",
            "",
            "Address of the API server, as https://k8s.example.org:6443; default: that of the kubeconfig, else of the cluster in which the server itself runs."),
        Parameter.path(
            "KubeConfig", Optional.empty(), "A kubeconfig file on the server's host with a login."),
        Parameter.text(
            "KubeConfigSecret", "", "Name of the secret of Spinor that holds a kubeconfig."),
        Parameter.text(
            "KubeContext", "", "Context of the kubeconfig; default: its current context."),
        Parameter.text(
            "TokenSecret",
            "",
            "Name of the secret of Spinor that holds the token of a service account."),
        Parameter.text(
            "TokenScope",
            "",
            "Scope of the access token to ask for at each use, where the API server takes tokens of an identity provider."),
        Parameter.text(
            "TokenAudience", "", "Audience of that token; default: the address of the API server."),
        Parameter.path(
            "CaFile",
            Optional.empty(),
            "CA certificates of the API server, PEM; default: those of the kubeconfig, else of Java."),
        Parameter.text(
            "Namespace", "", "Namespace of the pilots; default: that of the login, else default."));
  }

  private static List<Parameter> podParameters() {
    return List.of(
        Parameter.text(
                "Image",
                "",
                "Image of the pilots' container: Linux with sh, cp, mkfifo, tar, gzip, and curl or wget.")
            .asRequired(),
        Parameter.choice(
            "ImagePullPolicy",
            "IfNotPresent",
            List.of("IfNotPresent", "Always", "Never"),
            "When nodes fetch the image."),
        Parameter.text(
            "ImagePullSecrets",
            "",
            "Secrets of the namespace for the image's registry, separated by commas."),
        Parameter.text(
            "ServiceAccount",
            "",
            "Service account of the pods; they get no token of it. Default: that of the namespace."),
        Parameter.choice(
            "Security",
            "baseline",
            List.of("baseline", "restricted", "privileged"),
            "Pod Security Standard to keep to; privileged lets pilots start containers of their own on any node."),
        Parameter.number(
            "RunAsUser",
            0,
            "",
            "User and group number of the pilots; 0: what the image says. Restricted pods need one here or in the image."),
        Parameter.text(
            "Volumes",
            "",
            "Further folders, one a line or separated by commas: KIND:SOURCE:PATH or KIND:SOURCE:PATH:rw, KIND being hostPath, pvc, configMap, secret, csi (SOURCE: the driver) or emptyDir (SOURCE: its size, as 10Gi, or nothing). CVMFS: pvc:cvmfs:/cvmfs or hostPath:/cvmfs:/cvmfs."));
  }

  private static List<Parameter> wishParameters() {
    return List.of(
        Parameter.number(
            "MemoryMb",
            0,
            "MB",
            "Memory of pilots that ask for none; 0: the namespace's default. It is request and limit."),
        Parameter.number(
            "DiskGb", 0, "GB", "Ephemeral storage of a pilot; 0: the namespace's default."),
        Parameter.flag(
            "LimitCores", true, "Whether pilots are held to the cores that they ask for."),
        Parameter.text(
            "GpuResource",
            "nvidia.com/gpu",
            "The cluster's name for a GPU, as nvidia.com/gpu or amd.com/gpu; empty: there are none."),
        Parameter.text(
            "NodeSelector",
            "",
            "Labels that nodes must have: NAME=VALUE, separated by commas or line breaks."),
        Parameter.text(
            "Tolerations",
            "",
            "Taints to put up with: KEY, KEY:EFFECT, KEY=VALUE:EFFECT, or * for all; separated by commas or line breaks."),
        Parameter.text("PriorityClass", "", "Priority class of the pods."),
        Parameter.text("RuntimeClass", "", "Runtime class of the pods, as nvidia."),
        Parameter.text(
            "Labels",
            "",
            "Further labels of Jobs and pods: NAME=VALUE, separated by commas or line breaks."),
        Parameter.text(
            "Annotations", "", "Further annotations of Jobs and pods: NAME=VALUE, one a line."),
        Parameter.number(
            "WallTimeMinutes",
            0,
            "min",
            "How long a pilot may run, where the queue does not say; 0: no limit."),
        Parameter.number(
            "GraceSeconds", 60, "s", "Time between the signal that ends a pilot and its end."),
        Parameter.number(
            "KeepHours",
            48,
            "h",
            "How long the Job of a pilot that has ended is kept, where nobody purges it."));
  }

  /**
   * Reads the parameters.
   *
   * @throws MisconfiguredException with all problems
   */
  static Settings of(Parameters parameters) {
    Words words = new Words(parameters);
    Settings settings =
        new Settings(
            login(words), words.name("Namespace"), pod(words), wishes(words), times(parameters));
    words.check(settings.problems());
    return settings;
  }

  private static Login login(Words words) {
    return new Login(
        words.text("ApiServer").replaceAll("/+$", ""),
        words.path("KubeConfig"),
        words.text("KubeConfigSecret"),
        words.text("KubeContext"),
        words.text("TokenSecret"),
        new Scope(words.text("TokenScope"), words.text("TokenAudience")),
        words.path("CaFile"));
  }

  private static Pod pod(Words words) {
    return new Pod(
        words.text("Image"),
        words.text("ImagePullPolicy"),
        words.list("ImagePullSecrets"),
        words.name("ServiceAccount"),
        Security.valueOf(words.text("Security").toUpperCase(java.util.Locale.ROOT)),
        words.number("RunAsUser"),
        words.mounts("Volumes"));
  }

  private static Wishes wishes(Words words) {
    return new Wishes(
        new Resources(
            words.number("MemoryMb"),
            words.number("DiskGb"),
            words.flag("LimitCores"),
            words.text("GpuResource")),
        words.labels("NodeSelector"),
        words.tolerations("Tolerations"),
        words.name("PriorityClass"),
        words.name("RuntimeClass"),
        words.labels("Labels"),
        words.annotations("Annotations"));
  }

  private static Times times(Parameters parameters) {
    return new Times(
        Duration.ofMinutes(parameters.number("WallTimeMinutes")),
        parameters.seconds("GraceSeconds"),
        Duration.ofHours(parameters.number("KeepHours")));
  }

  /** What no single value shows. */
  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (!login.apiServer().isEmpty() && !login.apiServer().matches("https?://[^\\s/?#]+(/\\S*)?")) {
      problems.add("ApiServer: '" + login.apiServer() + "' is no address as https://host:6443");
    }
    boolean ownLogin = login.kubeConfig().isPresent() || !login.kubeConfigSecret().isEmpty();
    boolean token = !login.tokenSecret().isEmpty() || !login.scope().scope().isEmpty();
    if (login.kubeConfig().isPresent() && !login.kubeConfigSecret().isEmpty()) {
      problems.add("KubeConfig and KubeConfigSecret: only one of them can be used");
    }
    if (!login.tokenSecret().isEmpty() && !login.scope().scope().isEmpty()) {
      problems.add("TokenSecret and TokenScope: only one of them can be used");
    }
    if (token && !ownLogin && login.apiServer().isEmpty()) {
      problems.add("ApiServer: is needed with a token and without a kubeconfig");
    }
    if (!login.context().isEmpty() && !ownLogin) {
      problems.add("KubeContext: there is no kubeconfig");
    }
    if (pod.image().isBlank() || pod.image().matches(".*\\s.*")) {
      problems.add("Image: '" + pod.image() + "' is no name of an image");
    }
    if (!wishes.resources().gpu().matches("([a-z0-9.-]+/[A-Za-z0-9._-]+)?")) {
      problems.add("GpuResource: '" + wishes.resources().gpu() + "' is no name as nvidia.com/gpu");
    }
    return problems;
  }
}
