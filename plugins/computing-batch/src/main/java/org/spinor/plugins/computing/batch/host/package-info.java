/**
 * Where the commands of batch systems run: this host, or one behind SSH. See {@link
 * org.spinor.plugins.computing.batch.host.Host}.
 */
@NullMarked
package org.spinor.plugins.computing.batch.host;

import org.jspecify.annotations.NullMarked;
