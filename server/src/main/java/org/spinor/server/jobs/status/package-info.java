/**
 * Reports about jobs: statuses with the rules that make late and repeated ones harmless,
 * heartbeats, metadata.
 */
@NullMarked
package org.spinor.server.jobs.status;

import org.jspecify.annotations.NullMarked;
