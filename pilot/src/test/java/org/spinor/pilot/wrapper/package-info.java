/** Tests of the wrapper with a server and payloads of their own. */
@NullMarked
package org.spinor.pilot.wrapper;

import org.jspecify.annotations.NullMarked;
