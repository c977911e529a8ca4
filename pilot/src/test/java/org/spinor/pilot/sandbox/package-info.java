/** Tests with archives made by hand, good and hostile. */
@NullMarked
package org.spinor.pilot.sandbox;

import org.jspecify.annotations.NullMarked;
