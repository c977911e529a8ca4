/**
 * The Spinor server. Every package directly below is a room: a Spring Modulith module that owns its
 * tables.
 */
@NullMarked
package org.spinor.server;

import org.jspecify.annotations.NullMarked;
