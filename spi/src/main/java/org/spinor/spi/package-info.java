/**
 * What all kinds of plug-ins share: the description of their parameters, the credentials they ask
 * for, the ways in which they fail. A plug-in depends on this artifact alone.
 */
@NullMarked
package org.spinor.spi;

import org.jspecify.annotations.NullMarked;
