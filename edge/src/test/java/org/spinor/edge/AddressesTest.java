package org.spinor.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressesTest {
  private static final URI PLACE =
      URI.create("https://s3.example.org/box/abc?X-Amz-Signature=1%2F2&X-Amz-Expires=900");

  @TempDir Path folder;

  @Test
  void anAddressOutlivesARestart() throws IOException {
    String hidden = Addresses.of(folder.resolve("key")).hide(PLACE);
    assertThat(Rules.of("GET", hidden)).contains(Rules.Kind.STORE);
    assertThat(Addresses.of(folder.resolve("key")).open(hidden)).contains(PLACE);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void nobodyElseMakesOne() throws IOException {
    Addresses addresses = Addresses.of(folder.resolve("key"));
    String hidden = addresses.hide(PLACE);
    assertThat(new Addresses(new byte[32]).open(hidden)).isEmpty();
    assertThat(addresses.open(hidden.replace("/store/a", "/store/b"))).isEmpty();
    assertThat(addresses.open(hidden.substring(0, hidden.length() - 1))).isEmpty();
    assertThat(addresses.open(Addresses.PREFIX + "aHR0cDovL2E.")).isEmpty();
    assertThat(addresses.open("/edge/store/")).isEmpty();
  }
}
