/**
 * How people come to their tokens: logins in a browser, of a device and of a web page, step by step
 * and with the pages that they show; passwords and refresh tokens of the terminal; the users of an
 * old DIRAC.
 */
@NullMarked
package org.spinor.server.identity.logins;

import org.jspecify.annotations.NullMarked;
