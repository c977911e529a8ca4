/**
 * What people and scripts see: streams and what they can show, tables, YAML and JSON, views that
 * are redrawn while something long goes on.
 */
@NullMarked
package org.spinor.cli.console;

import org.jspecify.annotations.NullMarked;
