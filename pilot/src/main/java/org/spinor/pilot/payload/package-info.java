/**
 * The user's program as processes: started under a guard, contained, watched, captured and ended to
 * the last of its descendants.
 */
@NullMarked
package org.spinor.pilot.payload;

import org.jspecify.annotations.NullMarked;
