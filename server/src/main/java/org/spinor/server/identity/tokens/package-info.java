/**
 * Tokens and the keys that sign them: the key file and its rotation, how tokens of people, pilots
 * and payloads are made and read, the commands that do so without a server.
 */
@NullMarked
package org.spinor.server.identity.tokens;

import org.jspecify.annotations.NullMarked;
