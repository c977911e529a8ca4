/** A server made of memory that speaks the routes a pilot calls, and misbehaves when told to. */
@NullMarked
package org.spinor.pilot.fake;

import org.jspecify.annotations.NullMarked;
