/**
 * The pilot's log: one line per event to standard error and to a bounded file, streamed to the
 * server from the first line.
 */
@NullMarked
package org.spinor.pilot.log;

import org.jspecify.annotations.NullMarked;
