/**
 * Who calls and what they may: local accounts, signing keys, tokens of users, pilots and payloads,
 * and the one table of routes and roles. Owns accounts, refresh tokens, keys.
 */
@NullMarked
@ApplicationModule(allowedDependencies = {"configuration", "database", "tasks", "web"})
package org.spinor.server.identity;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
