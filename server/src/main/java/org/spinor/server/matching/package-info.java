/**
 * Which job a pilot gets, and why a job waits: requirement classes, the index in memory, shares,
 * limits, delays, the explanation. Owns classes, limits and delays; claims through jobs.
 */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "configuration",
      "database",
      "identity",
      "jobs",
      "resources",
      "tasks",
      "web"
    })
package org.spinor.server.matching;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
