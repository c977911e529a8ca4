/**
 * What plug-ins for services of the grid share: who the server is there (certificates, proxies,
 * delegations), and how such a service is asked (HTTPS, XML of strangers, time that is left). Knows
 * no service in particular.
 */
@NullMarked
package org.spinor.plugins.grid;

import org.jspecify.annotations.NullMarked;
