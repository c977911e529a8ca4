/** Finding and counting jobs. */
@NullMarked
package org.spinor.server.jobs.search;

import org.jspecify.annotations.NullMarked;
