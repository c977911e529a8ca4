/**
 * Machines that run pilots by themselves: they join with a code or a secret, take a place of a
 * queue, start pilots, and are drained and forgotten.
 */
@NullMarked
package org.spinor.server.pilots.machines;

import org.jspecify.annotations.NullMarked;
