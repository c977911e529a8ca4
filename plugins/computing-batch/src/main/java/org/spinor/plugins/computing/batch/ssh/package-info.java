/**
 * Hosts behind SSH: one connection for each host and account, shared by all its queues and kept
 * open; commands as exec channels, files by SFTP.
 */
@NullMarked
package org.spinor.plugins.computing.batch.ssh;

import org.jspecify.annotations.NullMarked;
