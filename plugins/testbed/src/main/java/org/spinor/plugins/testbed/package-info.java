/**
 * Real services on this machine for the integration tests of plug-ins: installed from packages,
 * with files and ports of their own.
 */
@NullMarked
package org.spinor.plugins.testbed;

import org.jspecify.annotations.NullMarked;
