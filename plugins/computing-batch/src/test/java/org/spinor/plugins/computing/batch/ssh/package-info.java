/** Bits of SSH that need no server. */
@NullMarked
package org.spinor.plugins.computing.batch.ssh;

import org.jspecify.annotations.NullMarked;
