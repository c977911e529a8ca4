/**
 * How many pilots where: pressure per queue, submission through the plug-ins of computing elements,
 * circuit breakers, and sites as operators see them. Owns the state of queues.
 */
@NullMarked
@ApplicationModule(
    allowedDependencies = {
      "configuration",
      "database",
      "identity",
      "jobs",
      "matching",
      "pilots",
      "resources",
      "tasks",
      "web"
    })
package org.spinor.server.provisioning;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
