package org.spinor.server.configuration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the configuration comes from.
 *
 * @param config a YAML file, {@code git+file:///path} or {@code git+https://host/repo} ({@code
 *     --config}); empty: {@code config/default.yml} in the data folder
 */
@ConfigurationProperties("spinor")
record ConfigurationSettings(@DefaultValue("") String config) {}
