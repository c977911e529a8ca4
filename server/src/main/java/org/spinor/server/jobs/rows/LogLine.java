package org.spinor.server.jobs.rows;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.spinor.api.JobStatus;

/**
 * A record of a job's log to be written. A value that is null stays what it was before.
 *
 * @param late the job's log may have this very record already (a report that came twice)
 */
public record LogLine(
    Instant time,
    @Nullable JobStatus status,
    @Nullable String minorStatus,
    @Nullable String applicationStatus,
    String source,
    boolean late) {}
