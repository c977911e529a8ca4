/**
 * Pilots as work units of a BOINC project, sent through its remote job submission: one batch with
 * one job for each pilot.
 */
@NullMarked
package org.spinor.plugins.computing.boinc;

import org.jspecify.annotations.NullMarked;
