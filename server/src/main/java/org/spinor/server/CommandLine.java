package org.spinor.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.spinor.server.web.DidYouMean;

/**
 * Options of the form {@code --name value} or {@code --name=value}, and switches {@code --name}.
 * Refuses what it does not know, with a suggestion.
 */
public final class CommandLine {
  private final Map<String, List<String>> values;
  private final List<String> rest;

  private CommandLine(Map<String, List<String>> values, List<String> rest) {
    this.values = values;
    this.rest = rest;
  }

  /**
   * @param options names, with dashes, that take a value
   * @param switches names, with dashes, that take none
   * @throws WrongUseException an unknown option, a missing or a superfluous value
   */
  public static CommandLine parse(
      List<String> arguments, Set<String> options, Set<String> switches) {
    Map<String, List<String>> values = new TreeMap<>();
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (!argument.startsWith("-") || argument.equals("-")) {
        rest.add(argument);
        continue;
      }
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      List<String> given = values.computeIfAbsent(name, any -> new ArrayList<>());
      if (switches.contains(name) && equals < 0) {
        given.add("true");
      } else if (switches.contains(name)) {
        throw new WrongUseException(name + " takes no value");
      } else if (!options.contains(name)) {
        throw unknown(name, options, switches);
      } else if (equals >= 0) {
        given.add(argument.substring(equals + 1));
      } else if (i + 1 < arguments.size()) {
        given.add(arguments.get(++i));
      } else {
        throw new WrongUseException(name + " needs a value");
      }
    }
    return new CommandLine(values, List.copyOf(rest));
  }

  private static WrongUseException unknown(String name, Set<String> options, Set<String> switches) {
    List<String> known = new ArrayList<>(options);
    known.addAll(switches);
    return new WrongUseException("unknown option " + name + DidYouMean.hint(name, known));
  }

  /** The value of an option; the last one where it is given several times. */
  public Optional<String> value(String name) {
    List<String> given = values.getOrDefault(name, List.of());
    return given.isEmpty() ? Optional.empty() : Optional.of(given.getLast());
  }

  /** All values of an option that may be repeated. */
  public List<String> all(String name) {
    return List.copyOf(values.getOrDefault(name, List.of()));
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** What is no option. */
  public List<String> rest() {
    return rest;
  }
}
