@NullMarked
package org.spinor.plugins.computing.arc.rest;

import org.jspecify.annotations.NullMarked;
