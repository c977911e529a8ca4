/**
 * How many pilots where: the look at demand, the plan, the bell that wakes it, and sites and queues
 * as operators see them.
 */
@NullMarked
package org.spinor.server.provisioning.cycle;

import org.jspecify.annotations.NullMarked;
