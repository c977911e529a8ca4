/**
 * Who speaks: how a pilot stands, its secret, its place and whether that is fit for work, and the
 * signs of life of thousands at a time.
 */
@NullMarked
package org.spinor.server.pilots.contact;

import org.jspecify.annotations.NullMarked;
