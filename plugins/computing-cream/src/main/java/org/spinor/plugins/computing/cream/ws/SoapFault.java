package org.spinor.plugins.computing.cream.ws;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spinor.plugins.grid.Xml;
import org.spinor.spi.PluginException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;
import org.w3c.dom.Element;

/** The service says no to a whole request. */
public final class SoapFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final List<String> NAMES =
      List.of(
          "AuthorizationFault",
          "JobSubmissionDisabledFault",
          "InvalidArgumentFault",
          "OperationNotSupportedFault",
          "NoSuitableResourcesFault",
          "DelegationException",
          "GenericFault");

  private final String name;

  private SoapFault(String name, String message) {
    super(message);
    this.name = name;
  }

  /**
   * @param fault of the SOAP envelope
   */
  static SoapFault of(String asked, Element fault) {
    String name =
        NAMES.stream()
            .filter(known -> !Xml.descendants(fault, known).isEmpty())
            .findFirst()
            .orElse("");
    return new SoapFault(name, asked + ": " + words(fault));
  }

  /** What CREAM says in its faults, without what it says twice. */
  static String words(Element fault) {
    return Stream.of("Description", "FaultCause", "msg", "faultstring")
        .flatMap(part -> Xml.descendants(fault, part).stream())
        .map(part -> part.getTextContent().strip().replaceAll("\\s+", " "))
        .filter(text -> !text.isEmpty() && !text.equals("N/A"))
        .distinct()
        .map(text -> text.length() > 500 ? text.substring(0, 500) + "..." : text)
        .collect(Collectors.joining("; "));
  }

  /** The service takes no jobs for the time being. */
  public boolean isSubmissionDisabled() {
    return name.equals("JobSubmissionDisabledFault");
  }

  /** As the contract of plug-ins has it. */
  public PluginException told() {
    String message = String.valueOf(getMessage());
    String words = message.toLowerCase(Locale.ROOT);
    return switch (name) {
      case "AuthorizationFault", "InvalidArgumentFault", "OperationNotSupportedFault" ->
          new RefusedException(message, this);
      // Axis tells what its handlers refuse without a fault of CREAM's.
      case "" ->
          words.contains("authoriz") || words.contains("authentic")
              ? new RefusedException(message, this)
              : new TemporaryException(message, this);
      default -> new TemporaryException(message, this);
    };
  }
}
