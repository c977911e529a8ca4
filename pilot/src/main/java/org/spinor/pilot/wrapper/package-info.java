/** One attempt at one job, from its assignment to its last report. */
@NullMarked
package org.spinor.pilot.wrapper;

import org.jspecify.annotations.NullMarked;
