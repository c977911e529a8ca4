@NullMarked
package org.spinor.pilot.machine;

import org.jspecify.annotations.NullMarked;
