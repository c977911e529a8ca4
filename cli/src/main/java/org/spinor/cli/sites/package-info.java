/** The commands about sites: list, ban, allow. */
@NullMarked
package org.spinor.cli.sites;

import org.jspecify.annotations.NullMarked;
