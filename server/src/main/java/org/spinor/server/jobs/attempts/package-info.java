/**
 * Attempts and their leases: the claim of waiting jobs, the waiting line, renewal, what happens to
 * a job whose attempt was lost.
 */
@NullMarked
package org.spinor.server.jobs.attempts;

import org.jspecify.annotations.NullMarked;
