/**
 * Requests and answers as files of a shared folder: the client's side on the node, and what both
 * sides know of the folder.
 */
@NullMarked
package org.spinor.edge.spool;

import org.jspecify.annotations.NullMarked;
