/**
 * Durable background work of all rooms: leased by the database clock, retried with back-off,
 * dead-lettered and visible. Owns the tasks.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"database", "web"})
package org.spinor.server.tasks;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
