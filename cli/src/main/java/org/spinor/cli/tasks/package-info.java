/** The commands about the server's background tasks: list, retry, delete. */
@NullMarked
package org.spinor.cli.tasks;

import org.jspecify.annotations.NullMarked;
