/**
 * A machine that runs pilots by itself: joins a server, runs one pilot after the other, waits where
 * there is no work or no place.
 */
@NullMarked
package org.spinor.pilot.machine;

import org.jspecify.annotations.NullMarked;
