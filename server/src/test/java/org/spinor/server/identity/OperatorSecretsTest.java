package org.spinor.server.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.server.identity.OperatorSecrets.Place;

class OperatorSecretsTest {
  private static final Place HERE =
      new Place(Optional.of("LCG.East.org"), Optional.of("ce.east.org"), Optional.of("biomed"));
  @TempDir Path data;

  @Test
  void nearestWinsAndThereTheVosOwn() throws IOException {
    OperatorSecrets secrets = new OperatorSecrets(data);
    assertThat(secrets.find(HERE, "key")).isEmpty();
    for (String place :
        List.of(
            "_/_/_",
            "_/_/biomed",
            "LCG.East.org/_/_",
            "LCG.East.org/_/biomed",
            "LCG.East.org/ce.east.org/_",
            "LCG.East.org/ce.east.org/biomed")) {
      keep(place + "/key", place, "rw-------");
      keep(place.replace("biomed", "other") + "/key", "not ours", "rw-------");
      if (place.endsWith("_")) {
        keep(place + "/key", place, "rw-------");
      }
      assertThat(secrets.find(HERE, "key").orElseThrow().text()).isEqualTo(place);
    }
    assertThat(secrets.find(new Place(HERE.site(), HERE.ce(), Optional.empty()), "key"))
        .map(OperatorSecrets.Found::text)
        .contains("LCG.East.org/ce.east.org/_");
    assertThat(secrets.find(HERE, "key").toString()).doesNotContain("LCG.East.org/ce.east.org/b");
  }

  @Test
  void fileThatOthersMayReadIsRefusedWithWhatToType() throws IOException {
    for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----")) {
      Path file = keep("_/_/_/key", "x", mode);
      assertThatThrownBy(() -> new OperatorSecrets(data).find(HERE, "key"))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("chmod 600 " + file);
    }
  }

  @Test
  void whatIsNoTextComesInBase64() throws IOException {
    Path file = keep("_/_/_/key", "", "rw-------");
    Files.write(file, new byte[] {(byte) 0xff, 0, 1});
    assertThat(new OperatorSecrets(data).find(HERE, "key").orElseThrow().text()).isEqualTo("/wAB");
  }

  @Test
  void namesStayInTheFolder() {
    OperatorSecrets secrets = new OperatorSecrets(data);
    for (String name : List.of("../x", "a/b", "", ".x", "Key", "x".repeat(65))) {
      assertThatThrownBy(() -> secrets.find(HERE, name)).isInstanceOf(BrokerException.class);
    }
    Place odd =
        new Place(Optional.of("A.B.C"), Optional.of("host/../../../x:80"), Optional.empty());
    Path file = secrets.file(odd, "key");
    assertThat(file.normalize()).isEqualTo(file).startsWithRaw(secrets.root());
    assertThat(secrets.place(file)).contains(odd);
  }

  private Path keep(String name, String text, String mode) throws IOException {
    Path file = data.resolve("secrets/elements").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return file;
  }
}
