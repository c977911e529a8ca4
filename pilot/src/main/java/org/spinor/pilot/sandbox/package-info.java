/** Archives of small files: unpacked without trust, packed within limits. */
@NullMarked
package org.spinor.pilot.sandbox;

import org.jspecify.annotations.NullMarked;
