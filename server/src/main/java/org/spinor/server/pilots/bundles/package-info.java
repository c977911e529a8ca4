/** The files that a pilot is started with: the bootstrap and the bundles that it fetches. */
@NullMarked
package org.spinor.server.pilots.bundles;

import org.jspecify.annotations.NullMarked;
