package org.spinor.server.configuration;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What everybody with a token may read holds no passwords, wherever somebody wrote one. */
final class Secrets {
  private static final Pattern NAME =
      Pattern.compile("(?i).*(password|passwd|passphrase|secret|privatekey|private_key).*");
  private static final String HIDDEN = "***";

  private Secrets() {}

  /** Hides the values of all keys within that look like secrets. */
  static void hide(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> entry : List.copyOf(object.properties())) {
        if (isSecret(entry.getKey(), entry.getValue())) {
          object.put(entry.getKey(), HIDDEN);
        } else {
          hide(entry.getValue());
        }
      }
    } else if (node.isArray()) {
      node.forEach(Secrets::hide);
    }
  }

  /** The value of a key, fit to be shown. */
  static @Nullable JsonNode hidden(String name, @Nullable JsonNode value) {
    if (value == null) {
      return null;
    }
    if (isSecret(name, value)) {
      return JsonNodeFactory.instance.stringNode(HIDDEN);
    }
    JsonNode shown = value.deepCopy();
    hide(shown);
    return shown;
  }

  private static boolean isSecret(String name, JsonNode value) {
    return !value.isNull() && !value.isObject() && NAME.matcher(name).matches();
  }
}
