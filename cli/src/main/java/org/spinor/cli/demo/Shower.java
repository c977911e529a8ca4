package org.spinor.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one shower job wrote.
 *
 * @param energy of the photon, GeV
 * @param depthOfMaximum in g/cm2
 * @param profile charged particles at each level, {@link #STEP} apart
 */
record Shower(double energy, double depthOfMaximum, List<Integer> profile) {
  /** Distance between levels, g/cm2; as in the example's program. */
  static final int STEP = 20;

  Shower {
    profile = List.copyOf(profile);
  }

  /** Reads {@code shower.txt}; empty where it is none. */
  static Optional<Shower> parse(List<String> lines) {
    try {
      String[] head = lines.isEmpty() ? new String[0] : lines.getFirst().split(" ");
      if (head.length != 6 || !head[0].equals("shower")) {
        return Optional.empty();
      }
      List<Integer> profile = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        profile.add(Integer.parseInt(line.split(" ")[1]));
      }
      return Optional.of(
          new Shower(Double.parseDouble(head[2]), Double.parseDouble(head[4]), profile));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
