package org.spinor.server.validation;

import java.util.List;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.provisioning.InstalledPlugins;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameters;
import org.spinor.spi.validation.ResultValidator;
import org.spinor.spi.validation.ResultValidatorPlugin;
import org.springframework.stereotype.Component;

/** The installed validators. */
@Component
final class Validators {
  private static final Logger log = LoggerFactory.getLogger(Validators.class);

  private final List<ResultValidatorPlugin> all;
  private final Configurations configurations;

  Validators(InstalledPlugins installed, Configurations configurations) {
    this.configurations = configurations;
    this.all =
        installed.all(
            ResultValidatorPlugin.class,
            plugin -> "validator %s: %s".formatted(plugin.name(), plugin.description()));
    check();
    configurations.onChange(this::check);
  }

  /** Said when it is written, not when the first result comes. */
  private void check() {
    configurations
        .current()
        .operations()
        .forEach(
            (vo, operations) -> {
              try {
                of(operations.volunteers());
              } catch (MisconfiguredException e) {
                log.warn(
                    "VO {}: results of volunteers cannot be validated: {}", vo, e.getMessage());
              }
            });
  }

  /**
   * The one that a VO has chosen.
   *
   * @throws MisconfiguredException there is none of this name, or more than one, or its parameters
   *     are wrong
   */
  ResultValidator of(Configuration.Volunteers chosen) {
    List<ResultValidatorPlugin> found =
        all.stream().filter(plugin -> plugin.name().equals(chosen.validator())).toList();
    if (found.size() != 1) {
      TreeSet<String> names = new TreeSet<>();
      all.forEach(plugin -> names.add(plugin.name()));
      throw new MisconfiguredException(
          found.isEmpty()
              ? "no validator '%s'; installed are %s"
                  .formatted(chosen.validator(), String.join(", ", names))
              : found.size() + " validators call themselves '" + chosen.validator() + "'");
    }
    ResultValidatorPlugin plugin = found.getFirst();
    return plugin.create(Parameters.of(plugin.parameters(), chosen.parameters()));
  }
}
