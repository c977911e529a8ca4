package org.spinor.pilot;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.spinor.client.Json;
import tools.jackson.core.JacksonException;

/** The options' values, from the command line, the environment and a file; all problems at once. */
final class OptionValues {
  private static final Pattern TIME = Pattern.compile("(\\d{1,12})\\s*([smhd]?)");

  private final Map<Option, String> values = new EnumMap<>(Option.class);
  private final List<String> problems = new ArrayList<>();

  private OptionValues() {}

  /**
   * @param arguments {@code --name=value}, or {@code --name value}
   */
  static OptionValues read(List<String> arguments, Map<String, String> environment) {
    OptionValues options = new OptionValues();
    options.arguments(arguments);
    for (Option option : Option.values()) {
      String value = environment.get(option.variable());
      if (value != null) {
        options.values.putIfAbsent(option, value);
      }
    }
    String file = options.text(Option.CONFIG);
    if (!file.isEmpty()) {
      options.file(Path.of(file));
    }
    return options;
  }

  /** What is wrong, one line each; complete once every value was asked for. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  private void arguments(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      int equals = argument.indexOf('=');
      String key = equals < 0 ? argument : argument.substring(0, equals);
      if (!key.startsWith("--")) {
        problems.add("\"" + argument + "\" is no option; options begin with --");
      } else if (equals >= 0) {
        put(key.substring(2), argument.substring(equals + 1));
      } else if (i + 1 < arguments.size()) {
        put(key.substring(2), arguments.get(++i));
      } else {
        problems.add(key + " has no value");
      }
    }
  }

  private void file(Path file) {
    try {
      String text = Files.readString(file);
      Map<String, String> entries =
          text.stripLeading().startsWith("{") ? ofJson(text) : ofLines(text);
      entries.forEach(this::put);
    } catch (IOException e) {
      problems.add("--config: " + file + " cannot be read: " + e.getMessage());
    } catch (JacksonException | IllegalArgumentException e) {
      problems.add(
          "--config: " + file + " is neither lines NAME=value nor JSON: " + e.getMessage());
    }
  }

  private static Map<String, String> ofJson(String text) {
    Map<String, String> entries = new java.util.LinkedHashMap<>();
    Json.tree(text)
        .properties()
        .forEach(
            entry -> {
              String value =
                  entry.getValue().isArray()
                      ? String.join(
                          ",",
                          entry.getValue().valueStream().map(item -> item.asString("")).toList())
                      : entry.getValue().asString("");
              entries.put(entry.getKey(), value);
            });
    return entries;
  }

  private static Map<String, String> ofLines(String text) throws IOException {
    Properties lines = new Properties();
    try (Reader reader = new StringReader(text)) {
      lines.load(reader);
    }
    Map<String, String> entries = new java.util.LinkedHashMap<>();
    lines.stringPropertyNames().forEach(name -> entries.put(name, lines.getProperty(name)));
    return entries;
  }

  private void put(String key, String value) {
    for (Option option : Option.values()) {
      if (option.key().equals(key) || option.name().equalsIgnoreCase(key)) {
        values.putIfAbsent(option, value);
        return;
      }
    }
    problems.add("there is no option --" + key + nearest(key));
  }

  private static String nearest(String key) {
    return Arrays.stream(Option.values())
        .map(Option::key)
        .filter(known -> known.contains(key) || key.contains(known) || distanceOne(known, key))
        .findFirst()
        .map(known -> "; did you mean --" + known + "?")
        .orElse("; --help lists them");
  }

  /** Whether two words differ by one letter changed, added or left out. */
  private static boolean distanceOne(String one, String other) {
    int same = 0;
    while (same < Math.min(one.length(), other.length())
        && one.charAt(same) == other.charAt(same)) {
      same++;
    }
    String restOne = one.substring(same);
    String restOther = other.substring(same);
    return tail(restOne, 1).equals(tail(restOther, 1))
        || tail(restOne, 1).equals(restOther)
        || restOne.equals(tail(restOther, 1));
  }

  private static String tail(String text, int from) {
    return text.length() < from ? "" : text.substring(from);
  }

  String text(Option option) {
    return values.getOrDefault(option, option.standard()).strip();
  }

  String needed(Option option) {
    String value = text(option);
    if (value.isEmpty()) {
      problems.add("--" + option.key() + " is needed");
    }
    return value;
  }

  List<String> list(Option option) {
    return Arrays.stream(text(option).split(","))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  long number(Option option, long least) {
    String value = text(option);
    if (value.matches("-?\\d{1,18}") && Long.parseLong(value) >= least) {
      return Long.parseLong(value);
    }
    problems.add("--" + option.key() + " takes a whole number from " + least + ", not " + value);
    return least;
  }

  int integer(Option option, int least) {
    return (int) Math.min(Integer.MAX_VALUE, number(option, least));
  }

  double real(Option option) {
    String value = text(option);
    if (value.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      return Double.parseDouble(value);
    }
    problems.add("--" + option.key() + " takes a number, not " + value);
    return 0;
  }

  Duration time(Option option) {
    Matcher matcher = TIME.matcher(text(option));
    if (!matcher.matches()) {
      problems.add(
          "--" + option.key() + " takes a time such as 90s, 5m, 2h or 3d, not " + text(option));
      return Duration.ZERO;
    }
    long count = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofSeconds(count);
    };
  }

  boolean flag(Option option) {
    return choice(option, List.of("yes", "no", "true", "false")).matches("yes|true");
  }

  String choice(Option option, List<String> allowed) {
    String value = text(option);
    if (!allowed.contains(value)) {
      problems.add(
          "--" + option.key() + " takes one of " + String.join(", ", allowed) + ", not " + value);
    }
    return value;
  }

  void problem(String text) {
    problems.add(text);
  }
}
