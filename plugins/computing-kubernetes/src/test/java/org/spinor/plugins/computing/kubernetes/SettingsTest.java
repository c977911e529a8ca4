package org.spinor.plugins.computing.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameters;

class SettingsTest {
  private static Settings settings(String... pairs) {
    Map<String, String> given = new HashMap<>(Map.of("Image", "i"));
    for (int i = 0; i < pairs.length; i += 2) {
      given.put(pairs[i], pairs[i + 1]);
    }
    return Settings.of(Parameters.of(Settings.parameters(), given));
  }

  @Test
  void defaultsNeedAnImageOnly() {
    Settings settings = settings();
    assertThat(settings.namespace()).isEmpty();
    assertThat(settings.pod().mounts()).isEmpty();
    assertThat(settings.times().wallTime()).isZero();
    assertThat(settings.wishes().resources().gpu()).isEqualTo("nvidia.com/gpu");
    assertThatThrownBy(() -> settings("Image", " "))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("Image");
  }

  @Test
  void listsAreSeparatedByCommasOrLines() {
    Settings settings =
        settings(
            "NodeSelector",
            "spinor=yes, example.org/zone=a\nempty=",
            "Annotations",
            "a=one, two\nb={\"x\":1}\n",
            "ImagePullSecrets",
            "one, two",
            "Volumes",
            "pvc:cvmfs:/cvmfs\nhostPath:/scratch:/scratch:rw, emptyDir:10Gi:/big");
    assertThat(settings.wishes().nodeSelector())
        .isEqualTo(Map.of("spinor", "yes", "example.org/zone", "a", "empty", ""));
    assertThat(settings.wishes().annotations())
        .isEqualTo(Map.of("a", "one, two", "b", "{\"x\":1}"));
    assertThat(settings.pod().pullSecrets()).containsExactly("one", "two");
    assertThat(settings.pod().mounts())
        .containsExactly(
            new Mount(Mount.Kind.PVC, "cvmfs", "/cvmfs", false),
            new Mount(Mount.Kind.HOST_PATH, "/scratch", "/scratch", true),
            new Mount(Mount.Kind.EMPTY_DIR, "10Gi", "/big", true));
  }

  @Test
  void tolerationsAreReadAsTaintsAreWritten() {
    assertThat(settings("Tolerations", "a, b:NoExecute, c=d:NoSchedule, *").wishes().tolerations())
        .extracting(each -> each.getKey() + each.getOperator() + each.getValue() + each.getEffect())
        .containsExactly(
            "aExistsnullnull", "bExistsnullNoExecute", "cEqualdNoSchedule", "nullExistsnullnull");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Namespace|Not A Name",
        "ApiServer|k8s.example.org:6443",
        "NodeSelector|novalue",
        "Labels|a=b c",
        "Labels|spinor.org/stamp=mine",
        "Tolerations|a:Never",
        "Volumes|nfs:server:/path",
        "Volumes|hostPath:relative:/path",
        "Volumes|pvc:cvmfs:relative",
        "Volumes|pvc:cvmfs:/cvmfs:maybe",
        "GpuResource|gpu",
        "KubeContext|there-is-no-kubeconfig",
        "TokenScope|alone"
      })
  void whatCannotWorkIsSaidAtOnce(String name, String value) {
    assertThatThrownBy(() -> settings(name, value)).isInstanceOf(MisconfiguredException.class);
  }

  @Test
  void allProblemsAreTold() {
    assertThatThrownBy(
            () -> settings("Namespace", "A", "Volumes", "x", "TokenSecret", "a", "TokenScope", "b"))
        .hasMessageContaining("Namespace")
        .hasMessageContaining("Volumes")
        .hasMessageContaining("TokenScope");
  }
}
