/** Tests of the server's time, pauses and what failures mean. */
@NullMarked
package org.spinor.pilot.link;

import org.jspecify.annotations.NullMarked;
