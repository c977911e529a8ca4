package org.spinor.pilot.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What of a job's folder an output sandbox asks for.
 *
 * @param found files and folders, each once, in the order asked; paths within the folder
 * @param missing what was asked and is not there
 */
public record Selection(List<Path> found, List<String> missing) {
  public Selection {
    found = List.copyOf(found);
    missing = List.copyOf(missing);
  }

  /**
   * Finds what names and patterns ({@code *}, {@code ?}, {@code [a-z]}, as a shell has them) stand
   * for. A name that exists as it is written is no pattern. Nothing outside the folder is found.
   */
  public static Selection of(Path folder, List<String> wanted) {
    Set<Path> found = new LinkedHashSet<>();
    List<String> missing = new ArrayList<>();
    for (String name : wanted) {
      List<Path> matches = matches(folder, name.strip());
      if (matches.isEmpty()) {
        missing.add(name);
      }
      found.addAll(matches);
    }
    return new Selection(List.copyOf(found), missing);
  }

  private static List<Path> matches(Path folder, String name) {
    String relative = name;
    String prefix = folder + "/";
    if (relative.startsWith(prefix)) { // some payloads know their folder and say it
      relative = relative.substring(prefix.length());
    }
    if (relative.isEmpty() || relative.startsWith("/") || relative.indexOf('\0') >= 0) {
      return List.of();
    }
    List<Path> places = List.of(folder);
    for (String part : relative.split("/+")) {
      if (part.equals("..")) {
        return List.of();
      }
      if (!part.equals(".")) {
        places = places.stream().flatMap(place -> children(place, part).stream()).toList();
      }
    }
    return places.stream()
        .filter(place -> !place.equals(folder) && staysInside(folder, place))
        .map(folder::relativize)
        .toList();
  }

  private static List<Path> children(Path place, String part) {
    Path literal = place.resolve(part);
    if (Files.exists(literal, LinkOption.NOFOLLOW_LINKS)) {
      return List.of(literal);
    }
    if (part.chars().noneMatch(c -> c == '*' || c == '?' || c == '[')) {
      return List.of();
    }
    Pattern pattern = glob(part);
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(place)) {
      for (Path child : all) {
        String name = child.getFileName().toString();
        boolean hidden = name.startsWith(".") && !part.startsWith(".");
        if (!hidden && pattern.matcher(name).matches()) {
          children.add(child);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // not a folder, or one that cannot be read
    }
    children.sort(Comparator.naturalOrder());
    return children;
  }

  /** A link may be asked for, if what it leads to is within the folder. */
  private static boolean staysInside(Path folder, Path place) {
    try {
      return place.toRealPath().startsWith(folder.toRealPath());
    } catch (IOException e) {
      return false; // a link to nothing
    }
  }

  /** A shell's pattern as a regular expression. */
  static Pattern glob(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      int close = c == '[' ? pattern.indexOf(']', i + 2) : -1;
      if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else if (close > 0) {
        String set = pattern.substring(i + 1, close);
        boolean not = set.startsWith("!") || set.startsWith("^");
        regex
            .append(not ? "[^" : "[")
            .append((not ? set.substring(1) : set).replaceAll("[\\\\\\[\\]&^]", "\\\\$0"))
            .append(']');
        i = close;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
