/**
 * What makes the command line start fast: a training run for the ahead-of-time cache, and class
 * files that such a cache can hold.
 */
@NullMarked
package org.spinor.cli.startup;

import org.jspecify.annotations.NullMarked;
