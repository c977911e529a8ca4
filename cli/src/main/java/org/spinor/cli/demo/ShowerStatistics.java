package org.spinor.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The merged showers.
 *
 * @param count of showers
 * @param meanProfile mean number of charged particles at each level
 * @param meanMaximum mean depth of the shower maximum, g/cm2
 * @param spread standard deviation of that depth from shower to shower
 * @param elongation how much deeper the maximum lies for ten times the energy, g/cm2
 * @param elongationError of that, one standard deviation
 */
record ShowerStatistics(
    int count,
    List<Double> meanProfile,
    double meanMaximum,
    double spread,
    double elongation,
    double elongationError) {
  private static final int HEIGHT = 12;
  private static final String[] EIGHTHS = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

  ShowerStatistics {
    meanProfile = List.copyOf(meanProfile);
  }

  /**
   * @param showers at least one
   */
  static ShowerStatistics of(List<Shower> showers) {
    int n = showers.size();
    int levels = showers.stream().mapToInt(shower -> shower.profile().size()).max().orElse(0);
    double[] profile = new double[levels];
    double sumX = 0;
    double sumXx = 0;
    double sumL = 0;
    double sumLl = 0;
    double sumLx = 0;
    for (Shower shower : showers) {
      for (int i = 0; i < shower.profile().size(); i++) {
        profile[i] += (double) shower.profile().get(i) / n;
      }
      double x = shower.depthOfMaximum();
      double l = Math.log10(shower.energy());
      sumX += x;
      sumXx += x * x;
      sumL += l;
      sumLl += l * l;
      sumLx += l * x;
    }
    double varianceL = sumLl - sumL * sumL / n;
    double slope = varianceL > 0 ? (sumLx - sumL * sumX / n) / varianceL : Double.NaN;
    double varianceX = Math.max(0, sumXx - sumX * sumX / n);
    double residual = Math.max(0, varianceX - slope * slope * varianceL);
    List<Double> mean = new ArrayList<>();
    for (double value : profile) {
      mean.add(value);
    }
    return new ShowerStatistics(
        n,
        mean,
        sumX / n,
        n > 1 ? Math.sqrt(varianceX / (n - 1)) : 0,
        slope,
        n > 2 && varianceL > 0 ? Math.sqrt(residual / (n - 2) / varianceL) : Double.NaN);
  }

  /**
   * The mean profile as a picture in letters, with its numbers below.
   *
   * @param unicode whether letters beyond ASCII may be used
   */
  List<String> picture(boolean unicode) {
    int levels = lastLevel();
    double top = meanProfile.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    int peak = (int) Math.round(meanMaximum / Shower.STEP) - 1;
    List<String> lines = new ArrayList<>();
    lines.add("  charged particles, mean of " + count + " showers");
    for (int row = HEIGHT - 1; row >= 0; row--) {
      StringBuilder line = new StringBuilder();
      String label =
          row == HEIGHT - 1 || row == HEIGHT / 2
              ? String.format(Locale.ROOT, "%7.0f ", top * (row + 1) / HEIGHT)
              : "        ";
      line.append(label).append(unicode ? '┤' : '|');
      for (int i = 0; i < levels; i++) {
        double filled = meanProfile.get(i) / top * HEIGHT - row;
        line.append(cell(filled, unicode));
      }
      lines.add(line.toString().stripTrailing());
    }
    lines.add("        " + (unicode ? "└" + "─".repeat(2 * levels) : "+" + "-".repeat(2 * levels)));
    StringBuilder axis = new StringBuilder("         ");
    for (int i = 4; i < levels; i += 5) {
      String depth = Integer.toString((i + 1) * Shower.STEP);
      axis.append(" ".repeat(Math.max(1, 9 + 2 * i + 2 - depth.length() - axis.length())));
      axis.append(depth);
    }
    lines.add(axis + "  g/cm2 of air");
    lines.add(
        " ".repeat(9 + 2 * Math.max(0, Math.min(peak, levels - 1)))
            + (unicode ? "▲" : "^")
            + String.format(
                Locale.ROOT,
                " shower maximum: %.0f +- %.1f g/cm2, from shower to shower %.0f",
                meanMaximum,
                spread / Math.sqrt(count),
                spread));
    if (!Double.isNaN(elongation) && !Double.isNaN(elongationError)) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %.0f +- %.0f g/cm2 deeper for ten times the energy; theory says X0 ln 10 = 85",
              elongation,
              elongationError));
    }
    return lines;
  }

  private static String cell(double filled, boolean unicode) {
    if (unicode) {
      return EIGHTHS[Math.clamp(Math.round(filled * 8), 0, 8)].repeat(2);
    }
    return filled >= 0.5 ? "##" : "  ";
  }

  /** Levels up to where next to nothing comes any more. */
  private int lastLevel() {
    double top = meanProfile.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    int last = meanProfile.size();
    while (last > 10 && meanProfile.get(last - 1) < top / 100) {
      last--;
    }
    return last;
  }
}
