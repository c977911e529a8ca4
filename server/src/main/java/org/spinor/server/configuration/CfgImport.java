package org.spinor.server.configuration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ConfigurationImport;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.cfg.CfgConversion;
import org.spinor.server.configuration.cfg.CfgSyntaxException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A DIRAC configuration as a configuration of this server, checked like every other. */
final class CfgImport {
  private CfgImport() {}

  static ConfigurationImport.Imported of(ConfigurationImport request) {
    JsonNode conversion = yaml("conversion", request.conversion());
    Map<String, String> subjects = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : yaml("subjects", request.subjects()).properties()) {
      if (!entry.getValue().isValueNode()) {
        throw ConfigurationEditor.refusal(
            "subjects: expected one line for each user, name or DN: sub; got %s at %s"
                .formatted(entry.getValue(), entry.getKey()));
      }
      subjects.put(entry.getKey(), entry.getValue().asString());
    }
    try {
      CfgConversion.Converted converted =
          CfgConversion.convert(
              request.cfg(), conversion, subjects, request.leaveOut(), new SchemaNames());
      String text = YamlWriter.write(converted.document());
      return new ConfigurationImport.Imported(
          text,
          converted.taken(),
          converted.leftOut(),
          converted.notes(),
          Draft.of(text).problems());
    } catch (CfgSyntaxException e) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID,
          "this is no DIRAC configuration",
          List.of(String.valueOf(e.getMessage())));
    }
  }

  private static JsonNode yaml(String what, @Nullable String text) {
    if (text == null || text.isBlank()) {
      return JsonNodeFactory.instance.objectNode();
    }
    List<String> problems = new ArrayList<>();
    YamlTree.Section tree = YamlReader.read(text, problems);
    if (!problems.isEmpty()) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID, what + " cannot be read", problems);
    }
    return Expansion.free(tree);
  }
}
