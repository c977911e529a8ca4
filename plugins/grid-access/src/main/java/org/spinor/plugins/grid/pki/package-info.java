/** Certificates of the grid: credentials in PEM, proxies (RFC 3820), folders of CAs, TLS. */
@NullMarked
package org.spinor.plugins.grid.pki;

import org.jspecify.annotations.NullMarked;
