/** The token broker behind {@link org.spinor.server.identity.TokenBroker}. */
@NullMarked
package org.spinor.server.identity.broker;

import org.jspecify.annotations.NullMarked;
