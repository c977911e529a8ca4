package org.spinor.server.configuration.cfg;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.spinor.server.configuration.cfg.KnownNames.Kind;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Options of the cfg as values of the schema's kinds. */
final class Values {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> YES = Set.of("yes", "true", "y", "1", "on");
  private static final Set<String> NO = Set.of("no", "false", "n", "0", "off");

  private final KnownNames known;
  private final Account account;

  Values(KnownNames known, Account account) {
    this.known = known;
    this.account = account;
  }

  /**
   * Puts an option into a section, where the schema has a place for it; else it is left.
   *
   * @param path of the place, as {@link KnownNames#kind} takes it
   */
  void put(CfgOption option, String path, ObjectNode into) {
    Kind kind = known.kind(path);
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (kind == Kind.NONE || kind == Kind.SECTION) {
      return;
    }
    if (kind != Kind.LIST && isNone(option)) {
      account.leave(option, "it has no value");
      return;
    }
    Optional<JsonNode> value = value(option, kind);
    Optional<String> refusal =
        value.isEmpty()
            ? Optional.of("expected " + (kind == Kind.FLAG ? "yes or no" : "a number"))
            : kind == Kind.LIST ? Optional.empty() : known.refusal(path, value.get().asString());
    if (refusal.isPresent()) {
      account.leave(option, "'%s': %s".formatted(shortened(option.value()), refusal.get()));
      return;
    }
    account.take(option);
    into.set(name, value.orElseThrow());
  }

  private static boolean isNone(CfgOption option) {
    return option.value().isEmpty() || option.value().equals("None");
  }

  static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 57) + "...";
  }

  private static Optional<JsonNode> value(CfgOption option, Kind kind) {
    String text = option.value();
    return switch (kind) {
      case FLAG -> flag(text).map(JSON::booleanNode);
      case NUMBER -> number(text);
      case LIST -> Optional.of(list(option.list()));
      case TEXT, SECTION, NONE -> Optional.of(JSON.stringNode(text));
      case FREE -> Optional.of(number(text).orElse(JSON.stringNode(text)));
    };
  }

  static Optional<Boolean> flag(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    return YES.contains(word)
        ? Optional.of(true)
        : NO.contains(word) ? Optional.of(false) : Optional.empty();
  }

  private static Optional<JsonNode> number(String text) {
    if (text.matches("-?(0|[1-9]\\d{0,17})")) {
      return Optional.of(JSON.numberNode(Long.parseLong(text)));
    }
    return text.matches("-?\\d{1,15}\\.\\d{1,15}")
        ? Optional.of(JSON.numberNode(Double.parseDouble(text)))
        : Optional.empty();
  }

  static ArrayNode list(Iterable<String> texts) {
    ArrayNode list = JSON.arrayNode();
    texts.forEach(list::add);
    return list;
  }

  /** Takes a whole section by the schema: what has no place stays for the account. */
  ObjectNode section(CfgSection section, String path) {
    ObjectNode result = JSON.objectNode();
    sectionInto(section, path, result);
    return result;
  }

  void sectionInto(CfgSection section, String path, ObjectNode result) {
    for (CfgOption option : section.options().values()) {
      put(option, path + "/" + option.name(), result);
    }
    for (CfgSection below : section.sections().values()) {
      String inside = path + "/" + below.name();
      switch (known.kind(inside)) {
        case SECTION -> {
          ObjectNode node = section(below, inside);
          if (!node.isEmpty()) {
            result.set(below.name(), node);
          }
        }
        case FREE -> result.set(below.name(), free(below));
        case TEXT, NUMBER, FLAG, LIST, NONE -> {}
      }
    }
  }

  /** A section that is kept as it is. */
  ObjectNode free(CfgSection section) {
    ObjectNode result = JSON.objectNode();
    for (CfgOption option : section.options().values()) {
      if (isNone(option)) {
        account.leave(option, "it has no value");
      } else {
        account.take(option);
        result.set(option.name(), value(option, Kind.FREE).orElseThrow());
      }
    }
    for (CfgSection below : section.sections().values()) {
      result.set(below.name(), free(below));
    }
    return result;
  }

  /** A section whose options are texts, whatever they look like. */
  ObjectNode texts(CfgSection section) {
    ObjectNode result = JSON.objectNode();
    for (CfgOption option : section.options().values()) {
      account.take(option);
      result.put(option.name(), option.value());
    }
    section.sections().values().forEach(below -> result.set(below.name(), texts(below)));
    return result;
  }

  /** The members of a list that are known; the others are left with a reason. */
  List<String> members(CfgOption option, Set<String> all, String what) {
    List<String> kept = option.list().stream().filter(all::contains).distinct().toList();
    List<String> others = option.list().stream().filter(name -> !all.contains(name)).toList();
    if (!others.isEmpty()) {
      account.note(
          "%s: %s are no %s here and were left out of the list"
              .formatted(option.path(), String.join(", ", others), what));
    }
    return kept;
  }
}
