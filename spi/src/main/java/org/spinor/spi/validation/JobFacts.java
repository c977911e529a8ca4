package org.spinor.spi.validation;

import java.util.List;

/**
 * What a validator may want to know of a job.
 *
 * @param results names or patterns ({@code *}, {@code ?}) of the files that count: {@code
 *     VolunteerResults} of the job's description, else its {@code OutputSandbox} without standard
 *     output and error, else its {@code OutputSandbox}
 */
public record JobFacts(
    long jobId,
    String vo,
    String owner,
    String jobType,
    String executable,
    List<String> arguments,
    List<String> results) {
  public JobFacts {
    arguments = List.copyOf(arguments);
    results = List.copyOf(results);
  }
}
