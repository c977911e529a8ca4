package org.spinor.server.identity.tokens;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.web.WireJson;

/**
 * What the server leaves in {@code run/identity.json} of its data folder, so that {@code spinor
 * admin token} makes tokens that this server takes, whatever options it was started with, without
 * asking it. No secrets.
 *
 * @param keystore file of the keys
 * @param groups VO to group to its properties
 */
record OperatorFacts(
    String issuer, String keystore, SortedMap<String, SortedMap<String, List<String>>> groups) {

  static OperatorFacts of(String issuer, Path keystore, Configuration configuration) {
    SortedMap<String, SortedMap<String, List<String>>> groups = new TreeMap<>();
    configuration
        .registry()
        .forEach(
            (name, vo) -> {
              SortedMap<String, List<String>> properties = new TreeMap<>();
              vo.groups()
                  .forEach(
                      (group, about) ->
                          properties.put(group, about.properties().stream().sorted().toList()));
              groups.put(name, properties);
            });
    return new OperatorFacts(issuer, keystore.toAbsolutePath().toString(), groups);
  }

  private static Path file(Path dataFolder) {
    return dataFolder.resolve("run").resolve("identity.json");
  }

  void write(Path dataFolder) {
    Path file = file(dataFolder);
    try {
      Files.createDirectories(file.getParent());
      Path draft = file.resolveSibling("identity.json.new");
      Files.writeString(draft, WireJson.mapper().writeValueAsString(this));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Empty: no server has run on this folder yet. */
  static Optional<OperatorFacts> read(Path dataFolder) {
    Path file = file(dataFolder);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(JSONObjectUtils.parse(Files.readString(file))));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    } catch (ParseException e) {
      throw new IllegalStateException(
          "cannot understand " + file + "; a start of the server writes it anew", e);
    }
  }

  /** By hand: the command wants to answer before the server's JSON mapping has warmed up. */
  private static OperatorFacts of(Map<String, Object> json) throws ParseException {
    SortedMap<String, SortedMap<String, List<String>>> groups = new TreeMap<>();
    Map<String, Object> vos = JSONObjectUtils.getJSONObject(json, "groups");
    for (String vo : vos.keySet()) {
      SortedMap<String, List<String>> properties = new TreeMap<>();
      Map<String, Object> ofVo = JSONObjectUtils.getJSONObject(vos, vo);
      for (String group : ofVo.keySet()) {
        properties.put(group, JSONObjectUtils.getStringList(ofVo, group));
      }
      groups.put(vo, properties);
    }
    return new OperatorFacts(
        JSONObjectUtils.getString(json, "issuer"),
        JSONObjectUtils.getString(json, "keystore"),
        groups);
  }
}
