/**
 * Sites, computing elements and queues as configured, and their status: active or banned, by whom
 * and why. Owns the status.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"configuration", "database", "identity", "tasks", "web"})
package org.spinor.server.resources;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
