package org.spinor.server.sandboxes;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.SecretFile;

/** What the server shows to an S3 store. */
record S3Key(String id, String secret) {
  /**
   * From the settings, else from the file.
   *
   * @param usual the file where the settings name none
   */
  static S3Key of(S3Properties settings, Path usual) {
    if (settings.keyId() != null && settings.secret() != null) {
      return new S3Key(settings.keyId(), settings.secret());
    }
    Path file = settings.credentials() == null ? usual : settings.credentials();
    String remedy =
        ": put the key's id into its first line and the secret into the second (mode 0600), or set"
            + " SPINOR_SANDBOXES_S3_KEYID and SPINOR_SANDBOXES_S3_SECRET";
    try {
      List<String> lines =
          SecretFile.read(file)
              .map(bytes -> new String(bytes, StandardCharsets.UTF_8).lines())
              .orElseThrow(() -> invalid("the key of the S3 store is missing in " + file + remedy))
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
      if (lines.size() == 2) {
        return new S3Key(lines.getFirst(), lines.getLast());
      }
      throw invalid(file + " has " + lines.size() + " lines" + remedy);
    } catch (BrokerException e) {
      throw invalid("the key of the S3 store: " + e.getMessage());
    }
  }

  private static SpinorException invalid(String text) {
    return new SpinorException(ErrorCode.CONFIGURATION_INVALID, text);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "S3Key[" + id + "]";
  }
}
