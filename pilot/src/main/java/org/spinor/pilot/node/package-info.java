/**
 * What the worker node is and whether it is fit: operating system, cores, memory, disk, GPUs,
 * containers, batch system and the time left in its slot, CPU power.
 */
@NullMarked
package org.spinor.pilot.node;

import org.jspecify.annotations.NullMarked;
