package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameters;

/** Reads values that are lists and maps; keeps what it does not understand as problems. */
final class Words {
  private static final String KEY = "([a-z0-9.-]+/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
  private static final String VALUE = "([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?";
  private static final Pattern TOLERATION =
      Pattern.compile(
          "(?<key>"
              + KEY
              + ")(=(?<value>"
              + VALUE
              + "))?"
              + "(:(?<effect>NoSchedule|PreferNoSchedule|NoExecute))?");

  private final Parameters parameters;
  private final List<String> problems = new ArrayList<>();

  Words(Parameters parameters) {
    this.parameters = parameters;
  }

  /**
   * Ends the reading.
   *
   * @throws MisconfiguredException there were problems, here or among these
   */
  void check(List<String> further) {
    problems.addAll(further);
    if (!problems.isEmpty()) {
      throw new MisconfiguredException(String.join("; ", problems));
    }
  }

  String text(String name) {
    return parameters.text(name).orElse("").strip();
  }

  Optional<Path> path(String name) {
    return parameters.path(name);
  }

  long number(String name) {
    return parameters.number(name);
  }

  boolean flag(String name) {
    return parameters.flag(name);
  }

  /** The name of something in the cluster, or nothing. */
  String name(String name) {
    String value = text(name);
    if (!value.isEmpty() && !isName(value)) {
      problems.add(name + ": '" + value + "' is no name in Kubernetes");
    }
    return value;
  }

  /** Names separated by commas, blanks or line breaks. */
  List<String> list(String name) {
    List<String> values = split(text(name), "[,\\s]+");
    values.stream()
        .filter(value -> !isName(value))
        .forEach(value -> problems.add(name + ": '" + value + "' is no name in Kubernetes"));
    return values;
  }

  private static boolean isName(String value) {
    return value.length() <= 253 && value.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");
  }

  Map<String, String> labels(String name) {
    return pairs(name, "[,\\n]", VALUE);
  }

  Map<String, String> annotations(String name) {
    return pairs(name, "\\n", ".*");
  }

  private Map<String, String> pairs(String name, String separator, String value) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : split(text(name), separator)) {
      int equals = pair.indexOf('=');
      String left = equals < 0 ? "" : pair.substring(0, equals).strip();
      String right = equals < 0 ? "" : pair.substring(equals + 1).strip();
      if (!left.matches(KEY) || !right.matches(value)) {
        problems.add(name + ": '" + pair + "' is no NAME=VALUE that Kubernetes takes");
      } else if (left.startsWith(Names.PREFIX)) {
        problems.add(name + ": " + left + " is kept for Spinor itself");
      } else {
        pairs.put(left, right);
      }
    }
    return pairs;
  }

  List<Toleration> tolerations(String name) {
    List<Toleration> tolerations = new ArrayList<>();
    for (String word : split(text(name), "[,\\n]")) {
      Matcher matcher = TOLERATION.matcher(word);
      if (word.equals("*")) {
        tolerations.add(new TolerationBuilder().withOperator("Exists").build());
      } else if (matcher.matches()) {
        String value = matcher.group("value");
        tolerations.add(
            new TolerationBuilder()
                .withKey(matcher.group("key"))
                .withOperator(value == null ? "Exists" : "Equal")
                .withValue(value)
                .withEffect(matcher.group("effect"))
                .build());
      } else {
        problems.add(
            name + ": '" + word + "' is not as KEY=VALUE:NoSchedule, KEY:NoExecute, KEY or *");
      }
    }
    return tolerations;
  }

  List<Mount> mounts(String name) {
    List<Mount> mounts = new ArrayList<>();
    for (String word : split(text(name), "[,\\n]")) {
      Optional<Mount> mount = Mount.parse(word);
      mount.ifPresentOrElse(
          mounts::add,
          () ->
              problems.add(name + ": '" + word + "' is not as pvc:cvmfs:/cvmfs, see its meaning"));
    }
    return mounts;
  }

  private static List<String> split(String text, String separator) {
    return Arrays.stream(text.split(separator))
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
