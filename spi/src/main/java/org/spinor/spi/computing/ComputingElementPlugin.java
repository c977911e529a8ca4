package org.spinor.spi.computing;

import java.util.List;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameter;

/**
 * Makes computing elements of one type. Found by {@link java.util.ServiceLoader}: name the class in
 * {@code META-INF/services/org.spinor.spi.computing.ComputingElementPlugin}. The server makes one
 * instance for its whole life, so elements may share connections through it.
 */
public interface ComputingElementPlugin {
  /**
   * The type as written in the configuration ({@code CEType}), as {@code Local}. Two installed
   * plug-ins with the name of a configured element, or none, are an error.
   */
  String name();

  /** One sentence for people who choose a type. */
  String description();

  /** All parameters that an operator can set for an element or a queue of this type. */
  List<Parameter> parameters();

  /**
   * Whether one element serves the pilots of all VOs of its queue: true for plug-ins that act under
   * one identity whoever's pilot it is, as an account of the host or of a cluster. Then calls bring
   * pilots of several VOs at once, and {@link org.spinor.spi.Credentials} are those of no VO.
   *
   * <p>False, the default: the server makes an element for each queue and VO, whose calls are about
   * pilots of that VO alone and whose credentials are the VO's. Never changes.
   */
  default boolean servesAllVos() {
    return false;
  }

  /**
   * Makes the element for one queue, or for one queue and VO, see {@link #servesAllVos()}. Cheap:
   * it opens no connection and touches no remote service; whether those are there shows at the
   * first call. The parameters of the context have been checked against {@link #parameters()}.
   *
   * @throws MisconfiguredException where the parameters contradict each other
   */
  ComputingElement create(ComputingElementContext context);
}
