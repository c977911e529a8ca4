/**
 * Reads configurations of DIRAC (the CFG format) and makes of them what this server understands,
 * with an account of everything that has no place here.
 */
@NullMarked
package org.spinor.server.configuration.cfg;

import org.jspecify.annotations.NullMarked;
