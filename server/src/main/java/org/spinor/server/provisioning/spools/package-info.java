/**
 * The server as the edge of nodes without a way out: it answers what is in their spools, which it
 * reaches through the plug-in of the queue. Each spool is one server's at a time.
 */
@NullMarked
package org.spinor.server.provisioning.spools;

import org.jspecify.annotations.NullMarked;
