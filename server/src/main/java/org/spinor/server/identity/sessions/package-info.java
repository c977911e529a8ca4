/**
 * What follows from a login: refresh tokens, each good for one use, and the sessions that users see
 * and end.
 */
@NullMarked
package org.spinor.server.identity.sessions;

import org.jspecify.annotations.NullMarked;
