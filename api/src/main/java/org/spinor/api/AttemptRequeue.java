package org.spinor.api;

/**
 * The wrapper gives an attempt back because the infrastructure failed it (input sandbox not to be
 * had, node out of disk before the payload began): {@code POST
 * /api/jobs/{job_id}/attempts/{attempt}/requeue} with the payload token. The job waits again at no
 * cost to its owner, up to the budget of infrastructure failures; beyond it the job fails with the
 * reason.
 *
 * @param reason what failed, for the job's log
 */
public record AttemptRequeue(String reason) {}
