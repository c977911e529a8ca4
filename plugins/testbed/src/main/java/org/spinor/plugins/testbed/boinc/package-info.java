/**
 * A stand-in for a BOINC project and its volunteers: speaks the web interface for remote job
 * submission over HTTP, and runs each work unit as a process.
 */
@NullMarked
package org.spinor.plugins.testbed.boinc;

import org.jspecify.annotations.NullMarked;
