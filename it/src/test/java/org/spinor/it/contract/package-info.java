/**
 * Whether DiracX's clients find here what they expect: our OpenAPI document against the contract,
 * the real clients and a real DiracX server from PyPI, and requests made up from our own document.
 */
@NullMarked
package org.spinor.it.contract;

import org.jspecify.annotations.NullMarked;
