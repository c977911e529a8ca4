/** The identity providers of the VOs: what they publish, and what they say of who logs in. */
@NullMarked
package org.spinor.server.identity.providers;

import org.jspecify.annotations.NullMarked;
