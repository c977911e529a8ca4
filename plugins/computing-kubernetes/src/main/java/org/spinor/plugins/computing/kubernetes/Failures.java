package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.PluginException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;

/** What failures of the API server mean. */
final class Failures {
  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;
  private static final int MOST_WORDS = 500;

  private Failures() {}

  /** A call as a whole has failed. */
  static PluginException of(KubernetesClientException e) {
    String words = words(e);
    if (Thread.currentThread().isInterrupted()) {
      return new TemporaryException("interrupted", e);
    }
    return switch (e.getCode()) {
      case 401 ->
          new MisconfiguredException("the API server does not take these credentials: " + words, e);
      case 403 ->
          isQuota(words) ? new TemporaryException(words, e) : new RefusedException(words, e);
      case 400, NOT_FOUND, 405, 422 -> new MisconfiguredException(words, e);
      default ->
          isWrongAddress(e)
              ? new MisconfiguredException("the API server cannot be reached: " + words, e)
              : new TemporaryException("the API server: " + words, e);
    };
  }

  /** One item has failed. */
  static Fault fault(PluginException e) {
    return switch (e) {
      case TemporaryException temporary -> Fault.TEMPORARY;
      case MisconfiguredException misconfigured -> Fault.PLATFORM;
      case RefusedException refused -> Fault.PLATFORM;
    };
  }

  /** A quota that is used up is a full queue, nothing else. */
  static boolean isQuota(String words) {
    return words.contains("exceeded quota");
  }

  private static boolean isWrongAddress(Throwable failure) {
    return causes(failure)
        .anyMatch(
            cause ->
                cause instanceof UnknownHostException
                    || cause instanceof UnresolvedAddressException
                    || cause instanceof SSLException);
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(20);
  }

  /** In the words of the server where it has any. */
  private static String words(KubernetesClientException e) {
    String status = e.getStatus() == null ? null : e.getStatus().getMessage();
    String words = status == null || status.isBlank() ? withoutAnswer(e) : status;
    String line = words.replaceAll("\\s+", " ").strip();
    return line.length() > MOST_WORDS ? line.substring(0, MOST_WORDS) + "..." : line;
  }

  /**
   * The client says what it was about to do; why it could not, say the causes, some without words.
   */
  private static String withoutAnswer(KubernetesClientException e) {
    List<Throwable> causes = causes(e).skip(1).toList();
    if (causes.isEmpty()) {
      return String.valueOf(e.getMessage());
    }
    for (Throwable cause : causes.reversed()) {
      switch (cause) {
        case UnresolvedAddressException unknown -> {
          return "the name of its host is not known";
        }
        case ConnectException refused -> {
          return "nobody listens there, or nobody gets there";
        }
        case HttpTimeoutException late -> {
          return "no answer in time";
        }
        case TimeoutException late -> {
          return "no answer in time";
        }
        default -> {}
      }
    }
    return causes.stream()
        .map(Throwable::getMessage)
        .filter(message -> message != null && !message.isBlank())
        .reduce((first, last) -> last)
        .orElseGet(() -> causes.getLast().getClass().getSimpleName());
  }
}
