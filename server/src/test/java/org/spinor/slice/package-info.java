/** Routes that only tests have; outside of the server's packages, so that no server finds them. */
@NullMarked
package org.spinor.slice;

import org.jspecify.annotations.NullMarked;
