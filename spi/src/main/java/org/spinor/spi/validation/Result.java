package org.spinor.spi.validation;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A result to be judged.
 *
 * @param attempt number of the attempt that made it
 * @param host where, as the pilot there said; empty: not known
 * @param folder what the job brought back, unpacked: regular files and folders only, no links; gone
 *     after the call. Empty where it brought nothing
 * @param earlier undecided results of the same job, oldest first
 */
public record Result(JobFacts job, int attempt, String host, Path folder, List<Earlier> earlier) {
  public Result {
    earlier = List.copyOf(earlier);
  }

  /** The files that count, by their names in the folder. */
  public SortedMap<String, Path> files() throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    List<PathMatcher> wanted = job.results().stream().map(Result::matcher).toList();
    try (Stream<Path> all = Files.walk(folder)) {
      all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
          .forEach(
              path -> {
                Path name = folder.relativize(path);
                if (wanted.stream().anyMatch(matcher -> matcher.matches(name))) {
                  files.put(name.toString(), path);
                }
              });
    }
    return files;
  }

  /** The names and patterns that no file has. */
  public List<String> missing() throws IOException {
    List<Path> names = files().keySet().stream().map(Path::of).toList();
    List<String> missing = new ArrayList<>();
    for (String result : job.results()) {
      PathMatcher matcher = matcher(result);
      if (names.stream().noneMatch(matcher::matches)) {
        missing.add(result);
      }
    }
    return missing;
  }

  private static PathMatcher matcher(String pattern) {
    // Only * and ? are patterns in descriptions of jobs.
    String glob = pattern.replaceAll("[\\\\\\[\\]{}]", "\\\\$0");
    return FileSystems.getDefault().getPathMatcher("glob:" + glob);
  }
}
