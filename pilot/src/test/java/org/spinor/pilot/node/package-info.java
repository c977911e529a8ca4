/** Tests of what is found out about a node: text in, value out. */
@NullMarked
package org.spinor.pilot.node;

import org.jspecify.annotations.NullMarked;
