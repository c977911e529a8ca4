/**
 * The local computing element: pilots are processes on the server's own host. For trials, for
 * single machines, and as the example from which to copy when writing another plug-in.
 */
@NullMarked
package org.spinor.plugins.computing.local;

import org.jspecify.annotations.NullMarked;
