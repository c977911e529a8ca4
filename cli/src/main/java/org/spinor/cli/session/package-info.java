/**
 * The server and the login of a command, and what its failures mean to people and scripts: one
 * sentence with what to do next, one exit code.
 */
@NullMarked
package org.spinor.cli.session;

import org.jspecify.annotations.NullMarked;
