package org.spinor.server.pilots.bundles;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the files are that pilots fetch.
 *
 * @param home folder of the installation; the launcher sets it
 * @param pilotBundles folder with {@code bootstrap.sh} and {@code <os>-<arch>.tar.gz} with their
 *     {@code .sha256}; empty: {@code pilot/target/bundle} in the installation
 */
@ConfigurationProperties("spinor")
record BundleProperties(@DefaultValue(".") String home, @DefaultValue("") String pilotBundles) {
  Path folder() {
    Path folder =
        pilotBundles.isEmpty()
            ? Path.of(home).resolve("pilot").resolve("target").resolve("bundle")
            : Path.of(pilotBundles);
    return folder.toAbsolutePath().normalize();
  }
}
