/**
 * Who somebody may be, by the configuration in force now and what identity providers said: users,
 * groups, properties, and the scope that a login asks for.
 */
@NullMarked
package org.spinor.server.identity.people;

import org.jspecify.annotations.NullMarked;
