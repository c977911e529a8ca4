/** {@code spinor edge}: the way out for pilots on nodes without one. */
@NullMarked
package org.spinor.cli.edge;

import org.jspecify.annotations.NullMarked;
