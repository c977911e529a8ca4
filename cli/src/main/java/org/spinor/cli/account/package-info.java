/** The commands about who the user is: log in, log out, whoami. */
@NullMarked
package org.spinor.cli.account;

import org.jspecify.annotations.NullMarked;
