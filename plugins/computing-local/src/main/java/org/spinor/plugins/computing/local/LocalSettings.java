package org.spinor.plugins.computing.local;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameters;

/** The parameters, read. */
record LocalSettings(
    Duration grace, Duration keep, int nice, boolean overcommit, List<String> passEnvironment) {
  private static final int NICEST = 19;

  static LocalSettings of(Parameters parameters) {
    long nice = parameters.number("Nice");
    if (nice > NICEST) {
      throw new MisconfiguredException("Nice: 0 to " + NICEST + ", not " + nice);
    }
    return new LocalSettings(
        parameters.seconds("GraceSeconds"),
        Duration.ofHours(parameters.number("KeepHours")),
        Math.toIntExact(nice),
        parameters.flag("Overcommit"),
        Arrays.stream(parameters.text("PassEnvironment").orElse("").split(","))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList());
  }
}
