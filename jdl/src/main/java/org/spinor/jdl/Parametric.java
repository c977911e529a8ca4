package org.spinor.jdl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A job description as a template for many jobs, which are made one by one when they are needed.
 *
 * <p>{@code Parameters} is a list of values or a count; with a count the values are those of {@code
 * ParameterStart} (1), {@code ParameterFactor} (1) and {@code ParameterStep} (0), each the one
 * before times factor plus step. {@code Parameters.x}, {@code ParameterStart.x} ... describe
 * further parameters with names. In all strings, {@code %s} and {@code %(x)s} stand for the values,
 * {@code %n} for the job's number from 0 with leading zeros, {@code %j} for the id of the job. The
 * jobs have {@code Parameter}, {@code Parameter.x} and {@code ParameterNumber} instead of the
 * attributes that described the parameters.
 *
 * <p>Immutable and safe for use by many threads.
 */
public final class Parametric {

  /** The most jobs of one template, unless the caller says less. */
  public static final int MAX_JOBS = 10_000_000;

  private final int count;
  private final boolean parametric;

  /** Has the attributes of each job; those that the parameters fill in are as in the first one. */
  private final Ad template;

  private final Expr[] values;
  private final int[] placesToSubstitute;
  private final List<Filled> filled;
  private final Map<String, ParameterVector> vectors = new HashMap<>();
  private final Set<String> varying;

  /** An attribute that the parameters fill in; without a vector it is the number of the job. */
  private record Filled(String name, Optional<ParameterVector> vector) {}

  private Parametric(Ad ad, ParameterReader.Parameters parameters) {
    count = parameters.count();
    parametric = !parameters.vectors().isEmpty();
    filled = new ArrayList<>();
    parameters
        .vectors()
        .forEach(
            (name, vector) -> {
              vectors.put(Names.key(name), vector);
              filled.add(
                  new Filled(
                      name.isEmpty() ? "Parameter" : "Parameter." + name, Optional.of(vector)));
            });
    if (parametric) {
      filled.add(new Filled("ParameterNumber", Optional.empty()));
    }
    Ad.Builder job = ad.without(parameters.sources().toArray(String[]::new)).toBuilder();
    filled.forEach(each -> job.put(each.name(), 0));
    template = job.build();
    values = template.values().toArray(Expr[]::new);
    placesToSubstitute =
        IntStream.range(0, values.length)
            .filter(place -> Placeholders.anyIn(values[place], _ -> true))
            .toArray();
    varying = Variation.of(template, filled.stream().map(Filled::name).toList(), this::isParameter);
  }

  /**
   * The template that an ad is; an ad without parameters is one for a single job.
   *
   * @throws ParametricException with all that is wrong with the parameters
   */
  public static Parametric of(Ad ad) {
    return of(ad, MAX_JOBS);
  }

  /**
   * As {@link #of(Ad)} with another limit for the number of jobs. Costs time and some memory in
   * proportion to that number where the parameters are a sequence that no formula gives.
   */
  public static Parametric of(Ad ad, int maxJobs) {
    return new Parametric(ad, new ParameterReader(ad, maxJobs).read());
  }

  /** Whether the ad has parameters, even if there is only one job. */
  public boolean isParametric() {
    return parametric;
  }

  /** How many jobs there are, at least 1. */
  public int count() {
    return count;
  }

  /**
   * One job, in a time that does not depend on the index. What is the same in all jobs is shared.
   *
   * @param index from 0
   * @param jobId the text of {@code %j}
   * @throws IndexOutOfBoundsException if there is no such job
   */
  public Ad expand(int index, long jobId) {
    Objects.checkIndex(index, count);
    Substitution substitution = new Substitution(vectors, index, jobId, width());
    Expr[] job = values.clone();
    for (int place : placesToSubstitute) {
      job[place] = substitution.apply(job[place]);
    }
    for (Filled each : filled) {
      job[template.indexOf(each.name())] =
          each.vector().map(substitution::attribute).orElseGet(() -> Expr.of(index));
    }
    return template.withValues(job);
  }

  /**
   * Whether the attribute can differ between the jobs other than by {@code %j}: it has another
   * placeholder, or it refers to an attribute that has. What {@code other.x} leads to is not seen.
   */
  public boolean varies(String attribute) {
    return varying.contains(Names.key(attribute));
  }

  private boolean isParameter(String placeholder) {
    return switch (placeholder) {
      case "%j" -> false;
      case "%n" -> parametric;
      default -> vectors.containsKey(Placeholders.key(placeholder));
    };
  }

  private int width() {
    return Integer.toString(count - 1).length();
  }
}
