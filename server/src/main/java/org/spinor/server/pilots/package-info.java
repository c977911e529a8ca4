/**
 * Pilots: registration, secrets, heartbeats, work, logs, and the machines that run them by
 * themselves. Owns the pilots.
 */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "configuration",
      "database",
      "identity",
      "jobs",
      "matching",
      "resources",
      "tasks",
      "web"
    })
package org.spinor.server.pilots;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
