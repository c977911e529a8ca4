/**
 * The demo: a server with a local computing element, the jobs of {@code examples/}, a live view of
 * them, their merged results. It is a client like any other; all it knows of the server's inside is
 * how to start and stop one.
 */
@NullMarked
package org.spinor.cli.demo;

import org.jspecify.annotations.NullMarked;
