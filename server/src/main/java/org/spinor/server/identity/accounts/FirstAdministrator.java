package org.spinor.server.identity.accounts;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.configuration.Configuration.Group;
import org.spinor.server.configuration.Configuration.User;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.DataFolder;
import org.spinor.server.web.Greeting;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;

/**
 * Gives the configuration's administrator a local account at the first start, with a random
 * password in a file that only the server's user can read. Only where the VO has no identity
 * provider; later starts find an account and do nothing.
 */
@Component
final class FirstAdministrator implements Greeting, SmartInitializingSingleton {
  private static final Logger log = LoggerFactory.getLogger(FirstAdministrator.class);
  private static final List<String> ADMINISTRATES =
      List.of("CSAdministrator", "ServiceAdministrator");

  private final Configurations configurations;
  private final Accounts accounts;
  private final Passwords passwords;
  private final DataFolder data;
  private volatile Optional<String> greeting = Optional.empty();

  private record Administrator(String vo, String group, User user) {}

  FirstAdministrator(
      Configurations configurations, Accounts accounts, Passwords passwords, DataFolder data) {
    this.configurations = configurations;
    this.accounts = accounts;
    this.passwords = passwords;
    this.data = data;
  }

  @Override
  public void afterSingletonsInstantiated() {
    if (!accounts.none()) {
      return;
    }
    Optional<Administrator> administrator =
        configurations.current().registry().values().stream()
            .filter(vo -> vo.identityProvider().isEmpty())
            .flatMap(FirstAdministrator::administrators)
            .findFirst();
    administrator.ifPresent(this::welcome);
  }

  private static Stream<Administrator> administrators(Vo vo) {
    return vo.groups().values().stream()
        .filter(group -> ADMINISTRATES.stream().anyMatch(group.properties()::contains))
        .flatMap(group -> members(vo, group));
  }

  private static Stream<Administrator> members(Vo vo, Group group) {
    return vo.users().values().stream()
        .filter(user -> group.users().contains(user.subject()))
        .sorted(Comparator.comparing(User::preferredUsername))
        .map(user -> new Administrator(vo.name(), group.name(), user));
  }

  private void welcome(Administrator administrator) {
    String username = administrator.user().preferredUsername();
    String password = Passwords.random();
    // the file first: an account whose password nobody knows helps nobody
    Path file = keep(password);
    if (!accounts.add(
        administrator.vo(), username, administrator.user().subject(), passwords.hash(password))) {
      log.info("another server has just made the first account");
      return;
    }
    log.info(
        "made the account {} of VO {}; its password is in {}", username, administrator.vo(), file);
    greeting =
        Optional.of(
            "First start: log in with  spinor login --user %s  (password in %s; for administration add --group %s)"
                .formatted(username, file, administrator.group()));
  }

  private Path keep(String password) {
    Path file = data.folder("secrets").resolve("admin-password");
    try {
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, password + "\n");
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep the first password in " + file, e);
    }
  }

  @Override
  public Optional<String> line() {
    return greeting;
  }
}
