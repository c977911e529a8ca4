package org.spinor.server.validation;

import java.util.List;
import java.util.TreeSet;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.provisioning.InstalledPlugins;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameters;
import org.spinor.spi.validation.ResultValidator;
import org.spinor.spi.validation.ResultValidatorPlugin;
import org.springframework.stereotype.Component;

/** The installed validators. */
@Component
final class Validators {
  private final List<ResultValidatorPlugin> all;

  Validators(InstalledPlugins installed) {
    this.all =
        installed.all(
            ResultValidatorPlugin.class,
            plugin -> "validator %s: %s".formatted(plugin.name(), plugin.description()));
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
