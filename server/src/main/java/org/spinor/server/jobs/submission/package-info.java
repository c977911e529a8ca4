/**
 * From a text to waiting jobs: parse, check against the VO's limits with all problems at once,
 * expand, insert.
 */
@NullMarked
package org.spinor.server.jobs.submission;

import org.jspecify.annotations.NullMarked;
