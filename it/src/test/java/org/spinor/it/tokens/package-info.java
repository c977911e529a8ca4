/** Plug-ins that suites install in a server; they need the SPI and nothing else. */
@NullMarked
package org.spinor.it.tokens;

import org.jspecify.annotations.NullMarked;
