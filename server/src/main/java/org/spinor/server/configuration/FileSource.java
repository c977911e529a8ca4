package org.spinor.server.configuration;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;

/** One YAML file, as {@code --config /etc/spinor/configuration.yml} names it. */
final class FileSource implements ConfigurationSource {
  private final Path file;

  FileSource(Path file) {
    this.file = file;
  }

  @Override
  public String name() {
    return file.toString();
  }

  @Override
  public Version newest() throws IOException {
    try {
      String text = Files.readString(file);
      return new Version(text, digest(text), Files.getLastModifiedTime(file).toInstant());
    } catch (NoSuchFileException e) {
      throw new SpinorException(
          ErrorCode.CONFIGURATION_INVALID, "there is no configuration " + file);
    }
  }

  /** The name that git would give to the file's content. */
  static String digest(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(("blob " + bytes.length + "\0").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha1.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
