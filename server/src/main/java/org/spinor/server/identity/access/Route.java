package org.spinor.server.identity.access;

import java.util.regex.Pattern;

/**
 * A route of the server.
 *
 * @param path as mapped, its variables without names: {@code /api/jobs/{}/explain}
 */
record Route(String method, String path) implements Comparable<Route> {
  private static final Pattern VARIABLE = Pattern.compile("\\{[^/]*}");

  /**
   * @param path with named variables, as controllers and tables write it
   */
  static Route of(String method, String path) {
    return new Route(method, VARIABLE.matcher(path).replaceAll("{}"));
  }

  /** Whether this names everything below a folder instead of one route. */
  boolean isPrefix() {
    return path.endsWith("/**");
  }

  boolean covers(Route route) {
    return method.equals(route.method) && (path.equals(route.path) || isAbove(route));
  }

  private boolean isAbove(Route route) {
    return isPrefix()
        && path.length() > "/**".length()
        && route.path.startsWith(path.substring(0, path.length() - "**".length()));
  }

  @Override
  public int compareTo(Route other) {
    int byPath = path.compareTo(other.path);
    return byPath != 0 ? byPath : method.compareTo(other.method);
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
