package org.spinor.plugins.computing.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.UnknownHostException;
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
              : new TemporaryException(words, e);
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
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 20; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException || cause instanceof SSLException) {
        return true;
      }
      depth++;
    }
    return false;
  }

  /** In the words of the server where it has any, which the client puts last. */
  private static String words(KubernetesClientException e) {
    String status = e.getStatus() == null ? null : e.getStatus().getMessage();
    String words = status == null || status.isBlank() ? String.valueOf(e.getMessage()) : status;
    Throwable cause = e.getCause();
    if (status == null && cause != null && cause.getMessage() != null) {
      words = words + " (" + cause.getMessage() + ")";
    }
    String line = words.replaceAll("\\s+", " ").strip();
    return line.length() > MOST_WORDS ? line.substring(0, MOST_WORDS) + "..." : line;
  }
}
