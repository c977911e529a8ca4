package org.spinor.server.identity.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.DataFolder;
import org.spinor.server.web.WireJson;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/**
 * Keeps in {@code run/providers.json} of the data folder what the configuration says of the VOs'
 * identity providers, so that {@code spinor admin provider-token} asks as the server does. No
 * secrets.
 */
@Component
final class ProviderFacts implements SmartInitializingSingleton {
  private static final TypeReference<TreeMap<String, IdentityProvider>> FORM =
      new TypeReference<>() {};

  private final Configurations configurations;
  private final Path data;

  ProviderFacts(Configurations configurations, DataFolder data) {
    this.configurations = configurations;
    this.data = data.path();
  }

  @Override
  public void afterSingletonsInstantiated() {
    write();
    configurations.onChange(this::write);
  }

  private void write() {
    write(data, configurations.current());
  }

  private static Path file(Path data) {
    return data.resolve("run").resolve("providers.json");
  }

  static void write(Path data, Configuration configuration) {
    SortedMap<String, IdentityProvider> providers = new TreeMap<>();
    configuration
        .registry()
        .forEach((name, vo) -> vo.identityProvider().ifPresent(idp -> providers.put(name, idp)));
    Path file = file(data);
    try {
      Files.createDirectories(file.getParent());
      Path draft = file.resolveSibling("providers.json.new");
      Files.writeString(draft, WireJson.mapper().writeValueAsString(providers));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Providers by VO; empty: no server has run on this folder yet. */
  static Optional<Map<String, IdentityProvider>> read(Path data) {
    try {
      return Optional.of(WireJson.mapper().readValue(Files.readString(file(data)), FORM));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file(data), e);
    }
  }
}
