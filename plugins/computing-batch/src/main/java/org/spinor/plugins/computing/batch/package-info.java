/**
 * Computing elements that are batch systems: pilots are jobs of Slurm, HTCondor, Grid Engine and
 * others, on this host ({@code CEType: Batch}) or behind SSH ({@code CEType: SSH}).
 */
@NullMarked
package org.spinor.plugins.computing.batch;

import org.jspecify.annotations.NullMarked;
