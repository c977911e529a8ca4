/**
 * Small files of jobs, content-addressed: upload, download, assignment, cleaning. Owns the
 * sandboxes.
 */
@NullMarked
@ApplicationModule(
    allowedDependencies = {"configuration", "database", "identity", "jobs", "tasks", "web"})
package org.spinor.server.sandboxes;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
