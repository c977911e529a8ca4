package org.spinor.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * As much of Slurm as pilots need, as shell scripts: its nodes are network namespaces of this
 * machine. A job begins at once, on the first node; {@code srun} goes to as many as it is told.
 */
final class FakeSlurm {
  /** The number before that of the first job. */
  private static final int FIRST = 100;

  private static final String SBATCH =
      """
      #!/bin/sh
      for script; do :; done
      id=$(($(cat "$FAKE/last" 2>/dev/null || echo 100) + 1))
      echo $id >"$FAKE/last"
      read -r first _ <"$FAKE/nodes"
      : >"$FAKE/$id.run"
      setsid sh -c '
        env -i PATH="$FAKE:$PATH" HOME="$FAKE" FAKE="$FAKE" SPINOR_CACHE_DIR="$FAKE/cache" SLURM_JOB_ID=$1 \\
          on "$2" sh "$3"
        mv "$FAKE/$1.run" "$FAKE/$1.done"' sh $id "$first" "$script" </dev/null >>"$FAKE/$id.out" 2>&1 &
      echo $! >"$FAKE/$id.pid"
      echo $id
      """;

  private static final String SQUEUE =
      """
      #!/bin/sh
      ids=
      for word; do
        case $word in
          --jobs=*) ids=$(echo "${word#--jobs=}" | tr , ' ') ;;
        esac
      done
      for id in $ids; do
        if [ -e "$FAKE/$id.run" ]; then echo "$id|RUNNING|node|None"; fi
        if [ -e "$FAKE/$id.done" ]; then echo "$id|COMPLETED|node|None"; fi
      done
      """;

  private static final String SRUN =
      """
      #!/bin/sh
      tasks=1
      while [ $# -gt 0 ]; do
        case $1 in
          --ntasks=*) tasks=${1#--ntasks=} ;;
          --*) ;;
          *) break ;;
        esac
        shift
      done
      task=0
      for node in $(cat "$FAKE/nodes"); do
        [ $task -lt $tasks ] || break
        SLURM_PROCID=$task on "$node" "$@" &
        task=$((task + 1))
      done
      wait
      """;

  /** Between a node's network and a program there. */
  private static final String WITH_ITS_NAME =
      "unshare --uts sh -c 'hostname \"$0\"; exec \"$@\"' \"$node\"";

  private static final String SCANCEL =
      """
      #!/bin/sh
      for id; do kill -TERM -- "-$(cat "$FAKE/$id.pid")"; done
      """;

  private final Path folder;

  /** With nodes that all say that they are this machine. */
  FakeSlurm(Path folder, List<String> nodes) {
    this(folder, nodes, false);
  }

  /**
   * @param nodes names of network namespaces
   * @param named whether the nodes have these names themselves
   */
  FakeSlurm(Path folder, List<String> nodes, boolean named) {
    this.folder = folder;
    try {
      Files.createDirectories(folder.resolve("area"));
      Files.writeString(folder.resolve("nodes"), String.join(" ", nodes) + "\n");
      program(
          "on",
          """
          #!/bin/sh
          node=$1
          shift
          exec ip netns exec "$node" %s "$@"
          """
              .formatted(named ? WITH_ITS_NAME : ""));
      program("sbatch", SBATCH);
      program("squeue", SQUEUE);
      program("srun", SRUN);
      program("scancel", SCANCEL);
      program("sinfo", "#!/bin/sh\n");
      program("sacct", "#!/bin/sh\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void program(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  Path folder() {
    return folder;
  }

  /** How many jobs it was given. */
  int submitted() {
    try {
      Path last = folder.resolve("last");
      return Files.exists(last) ? Integer.parseInt(Files.readString(last).strip()) - FIRST : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
