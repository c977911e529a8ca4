/** The commands about worker nodes: list, release. */
@NullMarked
package org.spinor.cli.nodes;

import org.jspecify.annotations.NullMarked;
