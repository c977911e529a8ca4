/** The commands about pilots: list, show, log, drain, kill. */
@NullMarked
package org.spinor.cli.pilots;

import org.jspecify.annotations.NullMarked;
