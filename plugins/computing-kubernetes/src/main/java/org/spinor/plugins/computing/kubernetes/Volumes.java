package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * The folders of a pilot's pod. The Secret with its files is seen by the container that puts them
 * in place and by no other: what the pilot deletes is gone for the jobs that it runs.
 */
final class Volumes {
  private static final String WORK = "spinor";
  private static final String FILES = "files";

  private final List<Volume> all = new ArrayList<>();
  private final List<VolumeMount> mounts = new ArrayList<>();
  private final VolumeMount work = mount(WORK, "/spinor").build();

  /**
   * @param secret its name
   * @param further what operators want
   */
  Volumes(String secret, List<Mount> further) {
    all.add(new VolumeBuilder().withName(WORK).withNewEmptyDir().endEmptyDir().build());
    all.add(
        new VolumeBuilder()
            .withName(FILES)
            .withNewSecret()
            .withSecretName(secret)
            // Whatever user the image has; the copies are its own alone.
            .withDefaultMode(0444)
            .endSecret()
            .build());
    for (int i = 0; i < further.size(); i++) {
      String name = "volume-" + i;
      all.add(volume(name, further.get(i)));
      mounts.add(
          mount(name, further.get(i).path())
              .withReadOnly(!further.get(i).writable())
              // What the host mounts later, as autofs does for CVMFS, is seen as well.
              .withMountPropagation("HostToContainer")
              .build());
    }
  }

  List<Volume> all() {
    return all;
  }

  List<VolumeMount> ofPlacing() {
    return List.of(work, mount(FILES, "/spinor-files").withReadOnly(true).build());
  }

  List<VolumeMount> ofPilot() {
    List<VolumeMount> seen = new ArrayList<>(List.of(work));
    seen.addAll(mounts);
    return seen;
  }

  private static VolumeMountBuilder mount(String name, String path) {
    return new VolumeMountBuilder().withName(name).withMountPath(path);
  }

  private static Volume volume(String name, Mount mount) {
    VolumeBuilder volume = new VolumeBuilder().withName(name);
    return switch (mount.kind()) {
      case HOST_PATH -> volume.withNewHostPath().withPath(mount.source()).endHostPath().build();
      case PVC ->
          volume
              .withNewPersistentVolumeClaim()
              .withClaimName(mount.source())
              .withReadOnly(!mount.writable())
              .endPersistentVolumeClaim()
              .build();
      case CONFIG_MAP -> volume.withNewConfigMap().withName(mount.source()).endConfigMap().build();
      case SECRET -> volume.withNewSecret().withSecretName(mount.source()).endSecret().build();
      case CSI ->
          volume
              .withNewCsi()
              .withDriver(mount.source())
              .withReadOnly(!mount.writable())
              .endCsi()
              .build();
      case EMPTY_DIR ->
          mount.source().isEmpty()
              ? volume.withNewEmptyDir().endEmptyDir().build()
              : volume
                  .withNewEmptyDir()
                  .withSizeLimit(new Quantity(mount.source()))
                  .endEmptyDir()
                  .build();
    };
  }
}
