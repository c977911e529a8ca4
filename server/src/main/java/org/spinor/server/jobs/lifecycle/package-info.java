/**
 * What happens to jobs from outside: kill, delete, reschedule; what becomes of jobs that nobody
 * looks after; their removal.
 */
@NullMarked
package org.spinor.server.jobs.lifecycle;

import org.jspecify.annotations.NullMarked;
