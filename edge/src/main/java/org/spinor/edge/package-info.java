/**
 * The edge agent: runs on a login node, and relays what pilots on nodes without a way out say to
 * one server, and nothing else. {@link org.spinor.edge.Edge} is the whole; {@code spool} is the
 * shared folder through which nodes without any network speak.
 */
@NullMarked
package org.spinor.edge;

import org.jspecify.annotations.NullMarked;
