/**
 * The rows of jobs as every change sees them: locked in the order of their numbers, changed in
 * Java, written back in a few statements for all of them, together with the log, the end of
 * attempts, commands and the events that follow.
 */
@NullMarked
package org.spinor.server.jobs.rows;

import org.jspecify.annotations.NullMarked;
