/** The commands about sites: list, test, ban, allow. */
@NullMarked
package org.spinor.cli.sites;

import org.jspecify.annotations.NullMarked;
