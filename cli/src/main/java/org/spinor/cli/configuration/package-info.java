/** The commands about the server's configuration: show, check. */
@NullMarked
package org.spinor.cli.configuration;

import org.jspecify.annotations.NullMarked;
