package org.spinor.server.matching.shares;

/**
 * What a mean priority weighs. Users give 0 to 10: 10 means before all my others, 0 means when I
 * have nothing else.
 */
public final class Priorities {
  /** What a class weighs whose jobs have no priority at all. */
  public static final double LEAST = 1e-5;

  private static final double LOWEST = 0.001;
  private static final double HIGHEST = 10;
  private static final double MOST = 1e6;
  private static final double BACKGROUND = 0.1;

  private Priorities() {}

  public static double weight(double meanPriority) {
    if (meanPriority <= LOWEST) {
      return LEAST;
    }
    return meanPriority >= HIGHEST ? MOST : meanPriority;
  }

  /** Whether a class counts as background in groups that allow it (AllowBackgroundTQs). */
  public static boolean isBackground(double meanPriority) {
    return meanPriority <= BACKGROUND;
  }
}
