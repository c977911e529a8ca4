/** Tests of whole pilots against a fake server. */
@NullMarked
package org.spinor.pilot;

import org.jspecify.annotations.NullMarked;
