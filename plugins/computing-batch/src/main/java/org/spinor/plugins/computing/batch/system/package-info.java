/**
 * Batch systems as text: what to say to them and what their answers mean. Nothing here runs a
 * process, opens a connection, or looks at a clock; see {@link
 * org.spinor.plugins.computing.batch.system.BatchSystem}.
 */
@NullMarked
package org.spinor.plugins.computing.batch.system;

import org.jspecify.annotations.NullMarked;
