package org.spinor.spi.validation;

import java.util.List;
import org.spinor.spi.Parameter;
import org.spinor.spi.Parameters;

/**
 * Makes validators of one kind. Found by {@link java.util.ServiceLoader}: the jar lists it in
 * {@code META-INF/services/org.spinor.spi.validation.ResultValidatorPlugin}.
 */
public interface ResultValidatorPlugin {
  /** As operators write it after {@code Validator:}. */
  String name();

  /** One sentence for the log and the documentation. */
  String description();

  /** What an operator may set; values are checked against it before {@link #create}. */
  List<Parameter> parameters();

  /** A validator for one VO; cheap. */
  ResultValidator create(Parameters parameters);
}
