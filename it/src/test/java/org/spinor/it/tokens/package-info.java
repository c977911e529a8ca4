/**
 * A plug-in that {@code ProviderTokensIT} installs in a server; it needs the SPI and nothing else.
 */
@NullMarked
package org.spinor.it.tokens;

import org.jspecify.annotations.NullMarked;
