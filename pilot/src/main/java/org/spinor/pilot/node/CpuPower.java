package org.spinor.pilot.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The power of one core, in units that come near those of the DB12 benchmark (a core of the 2020s
 * has 15 to 25), measured with all cores busy at once; the slowest counts, as in DIRAC.
 *
 * <p>The kernel is our own: normal deviates by the polar method from a linear congruential
 * generator, some integer mixing between. Its calibration is told in {@code
 * docs/developer/pilot.md}; it is an approximation, within a fifth or so.
 */
public final class CpuPower {
  /** Deviates per second of a core of DB12 power 1, with the first compiler only (C1). */
  private static final double DEVIATES_PER_UNIT = 1_130_000;

  private static final long ROUND_NANOS = 120_000_000;
  private static final int ROUNDS = 3;

  private CpuPower() {}

  /**
   * The power from the cache, or measured and then cached.
   *
   * @param cache a file that other pilots on this host see too
   * @param key host and number of cores: another machine or slot is measured anew
   */
  public static double cachedOrMeasured(Path cache, String key, int cores)
      throws InterruptedException {
    Optional<Double> known = read(cache, key);
    if (known.isPresent()) {
      return known.get();
    }
    double power = measure(cores);
    write(cache, key, power);
    return power;
  }

  /** Takes less than a second, on that many threads. */
  static double measure(int cores) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(cores);
    try {
      List<Callable<Double>> copies = new ArrayList<>();
      for (int i = 0; i < cores; i++) {
        long seed = 88_172_645_463_325_252L + i;
        copies.add(() -> bestOfRounds(seed));
      }
      double slowest = Double.MAX_VALUE;
      for (Future<Double> copy : threads.invokeAll(copies)) {
        slowest = Math.min(slowest, copy.get());
      }
      return Math.round(slowest / DEVIATES_PER_UNIT * 10) / 10.0;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private static double bestOfRounds(long seed) {
    double best = 0;
    for (int round = 0; round <= ROUNDS; round++) { // the first lets the compiler finish
      double rate = rate(seed + round);
      if (round > 0) {
        best = Math.max(best, rate);
      }
    }
    return best;
  }

  private static double rate(long seed) {
    long start = System.nanoTime();
    long startCpu = cpuNanos();
    long deviates = 0;
    double check = 0;
    for (long state = seed; System.nanoTime() - start < ROUND_NANOS; state += deviates) {
      check += deviates(state, 2000);
      deviates += 2000;
    }
    long took = cpuNanos() - startCpu;
    if (took <= 0) { // this system does not count
      took = System.nanoTime() - start;
    }
    // The sum of normal deviates of mean 0: never this large, so that nothing is optimised away.
    return Math.abs(check) > deviates ? 0 : deviates * 1e9 / took;
  }

  /** What this thread has computed, whatever else the machine does; 0: not known. */
  private static long cpuNanos() {
    try {
      String text =
          Files.readString(Path.of("/proc/thread-self/schedstat"), StandardCharsets.US_ASCII);
      return Long.parseLong(text.substring(0, text.indexOf(' ')));
    } catch (IOException | RuntimeException e) {
      return 0;
    }
  }

  private static double deviates(long seed, int count) {
    long state = seed;
    double sum = 0;
    for (int done = 0; done < count; ) {
      state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
      double u = (state >> 11) * 0x1.0p-52;
      state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
      double v = (state >> 11) * 0x1.0p-52;
      double s = u * u + v * v;
      if (s < 1 && s > 0) {
        sum += u * Math.sqrt(-2 * Math.log(s) / s);
        done++;
      }
    }
    return sum;
  }

  private static Optional<Double> read(Path cache, String key) {
    try {
      for (String line : Files.readAllLines(cache)) {
        int split = line.lastIndexOf('=');
        if (split > 0 && line.substring(0, split).equals(key)) {
          return Optional.of(Double.parseDouble(line.substring(split + 1)));
        }
      }
    } catch (IOException | NumberFormatException e) {
      return Optional.empty(); // no cache, or somebody else's file
    }
    return Optional.empty();
  }

  private static void write(Path cache, String key, double power) {
    try {
      Path part = Files.createTempFile(cache.toAbsolutePath().getParent(), "cpu-power", ".part");
      Files.writeString(part, String.format(Locale.ROOT, "%s=%s%n", key, power));
      Files.move(part, cache, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // The next pilot measures again: nothing is lost but a second.
    }
  }
}
