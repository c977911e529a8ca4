/**
 * The decision on every request: who calls, the access tables of all rooms that say who may call
 * what, what is told of the allowed requests.
 */
@NullMarked
package org.spinor.server.identity.access;

import org.jspecify.annotations.NullMarked;
