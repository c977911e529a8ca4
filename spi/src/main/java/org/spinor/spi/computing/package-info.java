/**
 * Computing elements: where pilots are sent. Start at {@link
 * org.spinor.spi.computing.ComputingElementPlugin}, which makes {@link
 * org.spinor.spi.computing.ComputingElement}s. The contract suite of {@code spinor-spi-testkit}
 * checks what the texts here promise.
 */
@NullMarked
package org.spinor.spi.computing;

import org.jspecify.annotations.NullMarked;
