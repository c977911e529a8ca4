/**
 * The configuration of the installation in the schema of DiracX plus sites: read from a YAML file
 * or a git repository, validated as a whole, served to clients. Everybody asks it, it asks nobody.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"database", "tasks", "web"})
package org.spinor.server.configuration;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
