package org.spinor.pilot.payload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What stands between a payload and the rest of the node. */
public sealed interface Containment {

  /** Name for logs and the job's parameters. */
  String name();

  /**
   * The command that runs the payload inside.
   *
   * @param variables names of the payload's environment variables
   */
  List<String> wrap(JobFolders folders, Set<String> variables, List<String> payload);

  /**
   * Whether the payload ran at all, as far as can be told once its command is over; else it is the
   * node that failed.
   */
  default boolean began(JobFolders folders, int exitCode) {
    return true;
  }

  /** Nothing: the payload may do what the pilot's account may. */
  record Plain() implements Containment {
    @Override
    public String name() {
      return "none";
    }

    @Override
    public List<String> wrap(JobFolders folders, Set<String> variables, List<String> payload) {
      return payload;
    }
  }

  /**
   * Bubblewrap: own process numbers, the system read-only, the job's folders and {@code writable}
   * writable, the pilot's folder and other jobs out of sight, the network as it is.
   *
   * <p>It fails where a mount of the node goes away while it lays out its own, as that of another
   * job's image or of an idle file system: its report tells whether it came to the payload.
   *
   * @param hidden folder that the payload must not see, apart from its own below it
   * @param secrets files and folders that it must not see
   * @param writable further paths that payloads may write
   */
  record Bubblewrap(Path hidden, List<Path> secrets, List<Path> writable) implements Containment {
    /** Exit codes above it are those of signals, which may have ended bubblewrap, too. */
    private static final int SIGNALS = 128;

    public Bubblewrap {
      secrets = List.copyOf(secrets);
      writable = List.copyOf(writable);
    }

    @Override
    public String name() {
      return "bubblewrap";
    }

    @Override
    public List<String> wrap(JobFolders folders, Set<String> variables, List<String> payload) {
      List<String> command = new ArrayList<>();
      command.addAll(List.of("/bin/sh", "-c", "exec \"$@\" 5>\"$0\"", report(folders).toString()));
      command.addAll(List.of("bwrap", "--json-status-fd", "5"));
      command.addAll(List.of("--die-with-parent", "--unshare-pid", "--unshare-ipc"));
      command.addAll(List.of("--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev"));
      command.addAll(List.of("--proc", "/proc", "--tmpfs", "/dev/shm"));
      for (String temporary : List.of("/tmp", "/var/tmp")) {
        bind(command, folders.tmp(), Path.of(temporary));
      }
      for (Path path : writable) {
        bind(command, path, path);
      }
      for (Path secret : secrets) {
        if (Files.isDirectory(secret)) {
          command.addAll(List.of("--tmpfs", secret.toString()));
        } else if (Files.exists(secret)) {
          command.addAll(List.of("--ro-bind", "/dev/null", secret.toString()));
        }
      }
      command.addAll(List.of("--tmpfs", hidden.toString()));
      bind(command, folders.job(), folders.job());
      bind(command, folders.tmp(), folders.tmp());
      command.addAll(List.of("--chdir", folders.job().toString(), "--"));
      // A program that cannot be run is no failure of bubblewrap: so it is a shell that finds out.
      command.addAll(List.of("/bin/sh", "-c", "exec \"$@\"", "sh"));
      command.addAll(payload);
      return command;
    }

    @Override
    public boolean began(JobFolders folders, int exitCode) {
      try {
        return exitCode > SIGNALS || Files.readString(report(folders)).contains("\"exit-code\"");
      } catch (IOException e) {
        return false;
      }
    }

    private static Path report(JobFolders folders) {
      return folders.control().resolve("bubblewrap.json");
    }

    private static void bind(List<String> command, Path from, Path to) {
      command.addAll(List.of("--bind", from.toString(), to.toString()));
    }
  }

  /**
   * Apptainer with an image: the image's system, the job's folders.
   *
   * @param program {@code apptainer} or {@code singularity}
   * @param options further options, as the site needs them
   */
  record Apptainer(String program, String image, List<String> options) implements Containment {
    public Apptainer {
      options = List.copyOf(options);
    }

    @Override
    public String name() {
      return "apptainer";
    }

    @Override
    public List<String> wrap(JobFolders folders, Set<String> variables, List<String> payload) {
      List<String> command = new ArrayList<>();
      command.addAll(List.of(program, "exec", "--contain", "--ipc", "--pid"));
      command.addAll(List.of("--bind", folders.job() + ":" + folders.job()));
      command.addAll(List.of("--bind", folders.tmp() + ":" + folders.tmp()));
      command.addAll(List.of("--bind", folders.tmp() + ":/tmp"));
      command.addAll(List.of("--home", folders.job().toString()));
      command.addAll(List.of("--pwd", folders.job().toString()));
      command.addAll(options);
      command.add(image);
      command.addAll(payload);
      return command;
    }
  }

  /** Variables that describe the node, not the image. */
  Set<String> NOT_HANDED_ON = Set.of("PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "HOSTNAME");

  /**
   * Podman with an image: the image's system, the job's folders, the node's network.
   *
   * @param runtime what starts the container; empty: Podman's own choice
   * @param init whether a program of Podman's collects orphans and hands on signals
   */
  record Podman(String image, List<String> options, String runtime, boolean init)
      implements Containment {
    public Podman {
      options = List.copyOf(options);
    }

    @Override
    public String name() {
      return "podman"
          + (runtime.isEmpty() ? "" : " with " + runtime)
          + (init ? "" : " without init");
    }

    @Override
    public List<String> wrap(JobFolders folders, Set<String> variables, List<String> payload) {
      List<String> command = new ArrayList<>();
      command.add("podman");
      if (!runtime.isEmpty()) {
        command.add("--runtime=" + runtime);
      }
      command.addAll(List.of("run", "--rm", "--network=host", "--security-opt=label=disable"));
      command.add("--name=" + Payload.containerName(folders));
      command.addAll(LostContainers.label());
      if (init) {
        command.add("--init");
      }
      if (runtime.isEmpty()) {
        // Stays in the slot's control groups, whose limits and counts then hold; not with runc.
        command.add("--cgroups=disabled");
      }
      if (options.stream().noneMatch(option -> option.startsWith("--ulimit"))) {
        command.addAll(SlotLimits.forPodman());
      }
      command.addAll(List.of("--volume", folders.job() + ":" + folders.job()));
      command.addAll(List.of("--volume", folders.tmp() + ":" + folders.tmp()));
      command.addAll(List.of("--volume", folders.tmp() + ":/tmp"));
      command.addAll(List.of("--workdir", folders.job().toString()));
      // Names alone: the values come from the environment and stand in no list of processes.
      variables.stream()
          .filter(name -> !NOT_HANDED_ON.contains(name))
          .forEach(name -> command.addAll(List.of("--env", name)));
      command.addAll(List.of("--env", ProcessTable.MARK));
      command.addAll(options);
      command.add(image);
      command.addAll(payload);
      return command;
    }
  }
}
