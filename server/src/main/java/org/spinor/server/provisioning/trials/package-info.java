/**
 * Tests of queues as operators ask for them, step by step, with a pilot that takes no job at the
 * end.
 */
@NullMarked
package org.spinor.server.provisioning.trials;

import org.jspecify.annotations.NullMarked;
