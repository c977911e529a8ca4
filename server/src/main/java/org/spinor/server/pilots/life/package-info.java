/**
 * The life of a pilot outside its calls: its registration, what is said of it, its log, its
 * silence, its end, and that it is forgotten.
 */
@NullMarked
package org.spinor.server.pilots.life;

import org.jspecify.annotations.NullMarked;
