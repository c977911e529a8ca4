/** The built-in identity provider: local accounts, their passwords, the first of them. */
@NullMarked
package org.spinor.server.identity.accounts;

import org.jspecify.annotations.NullMarked;
