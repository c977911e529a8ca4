/**
 * The commands about jobs: submit, list, wait, fetch outputs, look into, change. Those for many
 * jobs take them by number or by query.
 */
@NullMarked
package org.spinor.cli.jobs;

import org.jspecify.annotations.NullMarked;
