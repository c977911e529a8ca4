/**
 * Who comes first: the shares of VOs, groups and owners, and the credits by which lines take turns.
 */
@NullMarked
package org.spinor.server.matching.shares;

import org.jspecify.annotations.NullMarked;
