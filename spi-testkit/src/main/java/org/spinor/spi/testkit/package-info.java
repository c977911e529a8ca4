/**
 * For authors of plug-ins and of whatever uses them. {@link
 * org.spinor.spi.testkit.ComputingElementContract} is the suite that every computing element
 * passes; {@link org.spinor.spi.testkit.InMemoryBackEnd} is one without a machine behind it; {@link
 * org.spinor.spi.testkit.FakeComputingElement} misbehaves on command.
 */
@NullMarked
package org.spinor.spi.testkit;

import org.jspecify.annotations.NullMarked;
