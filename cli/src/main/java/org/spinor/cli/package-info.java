/**
 * The {@code spinor} command: its entry point and the tree of commands. What every command shares
 * is in {@code session} (the server and the login) and {@code console} (tables, JSON, YAML,
 * progress).
 */
@NullMarked
package org.spinor.cli;

import org.jspecify.annotations.NullMarked;
