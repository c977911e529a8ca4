package org.spinor.pilot.node;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The GPUs of the slot, each as {@code model, memory MiB}: those of NVIDIA as {@code nvidia-smi}
 * tells them, those of AMD as {@code rocm-smi} or the kernel does. Where the batch system gives
 * some of them only, it names them in a variable.
 */
public final class Gpus {
  private static final String AMD = "0x1002";
  private static final long MEBIBYTE = 1024 * 1024;

  /** Memory of GPUs as sold, GB: a tag for each that is not more than the GPU has. */
  private static final int[] MEMORY_CLASSES = {
    4, 6, 8, 11, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 141, 192, 256
  };

  private static final Pattern MEMORY = Pattern.compile(", (\\d{1,9}) MiB$");
  private static final int LONGEST_TAG = 64;

  private final Host host;

  Gpus(Host host) {
    this.host = host;
  }

  List<String> found() {
    List<String> gpus = new ArrayList<>(visible(nvidia(), "CUDA_VISIBLE_DEVICES"));
    List<String> amd = amd();
    // ROCm's own variable goes before that of HIP.
    gpus.addAll(
        visible(
            amd,
            host.variable("ROCR_VISIBLE_DEVICES").isPresent()
                ? "ROCR_VISIBLE_DEVICES"
                : "HIP_VISIBLE_DEVICES"));
    return gpus;
  }

  /**
   * What jobs can ask for: {@code GPU}, {@code GPU:<model>} with dashes for blanks, and {@code
   * GPU8GB} and the like for memory, up to what the GPU has.
   */
  public static List<String> tags(String gpu) {
    List<String> tags = new ArrayList<>(List.of("GPU"));
    Matcher memory = MEMORY.matcher(gpu);
    boolean known = memory.find();
    String model = (known ? gpu.substring(0, memory.start()) : gpu).strip();
    if (!model.isEmpty()) {
      String tag = "GPU:" + model.replaceAll("[^A-Za-z0-9._+-]+", "-");
      tags.add(tag.substring(0, Math.min(LONGEST_TAG, tag.length())));
    }
    if (known) {
      // What is sold as 80 GB has a little more or less: half a GB is not looked at.
      double gigabytes = Long.parseLong(memory.group(1)) * (double) MEBIBYTE / 1e9 + 0.5;
      for (int size : MEMORY_CLASSES) {
        if (size <= gigabytes) {
          tags.add("GPU" + size + "GB");
        }
      }
    }
    return tags;
  }

  private List<String> visible(List<String> all, String variable) {
    Optional<String> given = host.variable(variable);
    if (given.isEmpty()) {
      return all;
    }
    // "NoDevFiles", "-1" and the like: none.
    long most =
        given.get().startsWith("No") || given.get().startsWith("-")
            ? 0
            : given.get().split(",").length;
    return all.subList(0, (int) Math.min(most, all.size()));
  }

  private List<String> nvidia() {
    return host.hasProgram("nvidia-smi")
        ? host.commands()
            .run(List.of("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader"))
            .map(Gpus::nvidiaLines)
            .orElse(List.of())
        : List.of();
  }

  /** The lines of {@code nvidia-smi}: {@code NVIDIA A100-SXM4-40GB, 40960 MiB}. */
  static List<String> nvidiaLines(String answer) {
    return answer.lines().map(String::strip).filter(line -> line.contains(",")).toList();
  }

  private List<String> amd() {
    if (host.hasProgram("rocm-smi")) {
      List<String> told =
          host.commands()
              .run(List.of("rocm-smi", "--showproductname", "--showmeminfo", "vram", "--csv"))
              .map(Gpus::rocmLines)
              .orElse(List.of());
      if (!told.isEmpty()) {
        return told;
      }
    }
    return ofKernel();
  }

  /**
   * {@code rocm-smi --csv}: a line of names, then one for each card. The names of the columns
   * changed over the versions ({@code Card series}, {@code Card Series}, {@code Card model}).
   */
  static List<String> rocmLines(String answer) {
    List<String> lines = answer.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    int head = 0;
    while (head < lines.size() && !lines.get(head).startsWith("device,")) {
      head++;
    }
    if (head == lines.size()) {
      return List.of();
    }
    List<String> names = List.of(lines.get(head).toLowerCase(Locale.ROOT).split(",", -1));
    int memory = position(names, "vram total memory (b)");
    int model = position(names, "card series");
    int otherModel = position(names, "card model");
    List<String> gpus = new ArrayList<>();
    for (String line : lines.subList(head + 1, lines.size())) {
      List<String> values = List.of(line.split(",", -1));
      if (line.startsWith("card") && values.size() == names.size()) {
        String name = value(values, model).or(() -> value(values, otherModel)).orElse("AMD GPU");
        gpus.add(described(name, value(values, memory).orElse("")));
      }
    }
    return gpus;
  }

  private static int position(List<String> names, String start) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).strip().startsWith(start)) {
        return i;
      }
    }
    return -1;
  }

  private static Optional<String> value(List<String> values, int position) {
    return position < 0
        ? Optional.empty()
        : Optional.of(values.get(position).strip())
            .filter(value -> !value.isEmpty() && !value.equals("N/A"));
  }

  /** What the kernel's driver says, where ROCm's tools are not installed. */
  private List<String> ofKernel() {
    List<Path> cards = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(host.resolve("/sys/class/drm"), "card[0-9]*")) {
      entries.forEach(cards::add);
    } catch (IOException e) {
      return List.of();
    }
    cards.sort(null);
    List<String> gpus = new ArrayList<>();
    for (Path card : cards) {
      String device = "/sys/class/drm/" + card.getFileName() + "/device/";
      if (host.file(device + "vendor").filter(AMD::equals).isPresent()) {
        host.file(device + "mem_info_vram_total")
            .ifPresent(
                bytes ->
                    gpus.add(
                        described(
                            host.file(device + "product_name")
                                .filter(name -> !name.isEmpty())
                                .orElse("AMD GPU"),
                            bytes)));
      }
    }
    return gpus;
  }

  private static String described(String model, String bytes) {
    String name = model.replace(',', ' ').strip();
    return bytes.matches("\\d{1,18}")
        ? name + ", " + Long.parseLong(bytes) / MEBIBYTE + " MiB"
        : name;
  }
}
