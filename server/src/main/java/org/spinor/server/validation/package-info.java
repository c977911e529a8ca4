/**
 * Whether results of untrusted attempts count: the plug-ins that decide, and the work of asking
 * them. Owns the results that were not decided.
 */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "configuration",
      "database",
      "jobs",
      "provisioning",
      "sandboxes",
      "tasks",
      "web"
    })
package org.spinor.server.validation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
