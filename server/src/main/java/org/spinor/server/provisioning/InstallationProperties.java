package org.spinor.server.provisioning;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the command line says.
 *
 * @param issuer how this installation is reached
 * @param plugins folder with a folder for each further plug-in; empty: {@code plugins} in the data
 *     folder
 */
@ConfigurationProperties("spinor")
record InstallationProperties(
    @DefaultValue("http://localhost:8000") String issuer, @DefaultValue("") String plugins) {}
