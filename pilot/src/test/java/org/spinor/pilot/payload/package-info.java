/** Tests with real processes of /bin/sh. */
@NullMarked
package org.spinor.pilot.payload;

import org.jspecify.annotations.NullMarked;
