/** Black holes: worker nodes that swallow one job after the other, put aside and released. */
@NullMarked
package org.spinor.server.pilots.nodes;

import org.jspecify.annotations.NullMarked;
