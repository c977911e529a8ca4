/**
 * Jobs and their attempts: submission, the state machine, queries, kill, reschedule, delete,
 * logging, leases. Owns all of these tables, the waiting line included: a claim is one statement
 * here.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"configuration", "database", "identity", "tasks", "web"})
package org.spinor.server.jobs;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
