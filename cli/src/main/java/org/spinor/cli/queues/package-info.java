/** The commands about queues: list, show. */
@NullMarked
package org.spinor.cli.queues;

import org.jspecify.annotations.NullMarked;
