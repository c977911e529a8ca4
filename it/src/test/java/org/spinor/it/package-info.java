/**
 * Black-box suites: a server, its pilots and its command line as separate processes, seen through
 * HTTP and signals only.
 */
@NullMarked
package org.spinor.it;

import org.jspecify.annotations.NullMarked;
