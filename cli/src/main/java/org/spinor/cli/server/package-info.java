/** The commands about a running server: is it there, wait for it. */
@NullMarked
package org.spinor.cli.server;

import org.jspecify.annotations.NullMarked;
