/** Tests of the pilot's log. */
@NullMarked
package org.spinor.pilot.log;

import org.jspecify.annotations.NullMarked;
