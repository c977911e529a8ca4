package org.spinor.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.spinor.server.database.RoomMigrations;
import org.springframework.modulith.core.ApplicationModules;

/**
 * The walls of the house: rooms use each other only as their package-info allows, arrows between
 * packages run one way, and no SQL names another room's table.
 */
class RoomsTest {
  private static final Path SOURCES = Path.of("src", "main");
  private static final Pattern TABLE =
      Pattern.compile("\\b(" + String.join("|", RoomMigrations.ROOMS) + ")\\.[a-z_]+\\b");
  private static final Pattern SQL =
      Pattern.compile(
          "(?is)\\b(select|insert|update|delete|create|alter|copy|truncate|lock|with)\\b");

  @Test
  void roomsUseEachOtherOnlyThroughTheirRootPackages() {
    ApplicationModules rooms = ApplicationModules.of(SpinorServer.class);
    assertThat(rooms.stream()).hasSizeGreaterThan(9);
    rooms.verify();
  }

  /** A room's root package is one of its floors. */
  @Test
  void arrowsBetweenFloorsRunOneWay() {
    SlicesRuleDefinition.slices()
        .matching("org.spinor.server.(**)")
        .should()
        .beFreeOfCycles()
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.spinor.server"));
  }

  @Test
  void noSqlNamesAnotherRoomsTable() throws IOException {
    List<String> trespasses = new ArrayList<>();
    int statements = 0;
    for (Path file : sources()) {
      String room = roomOf(file);
      for (String text : texts(file)) {
        if (!SQL.matcher(text).find()) {
          continue;
        }
        Matcher table = TABLE.matcher(text);
        while (table.find()) {
          statements++;
          if (!table.group(1).equals(room)) {
            trespasses.add(file + ": " + table.group());
          }
        }
      }
    }
    assertThat(statements).as("tables named in SQL: the scan sees something").isGreaterThan(20);
    assertThat(trespasses).isEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java") || file.toString().endsWith(".sql"))
          .toList();
    }
  }

  private static String roomOf(Path file) {
    String path = file.toString().replace('\\', '/');
    Matcher room = Pattern.compile("(?:org/spinor/server|resources/db)/([a-z]+)/").matcher(path);
    return room.find() ? room.group(1) : "";
  }

  /** String literals and text blocks of a Java file; a SQL file as a whole. */
  private static List<String> texts(Path file) throws IOException {
    String source = Files.readString(file);
    if (file.toString().endsWith(".sql")) {
      return List.of(source);
    }
    Matcher literal =
        Pattern.compile("\"\"\"(.*?)\"\"\"|\"((?:[^\"\\\\\\n]|\\\\.)*)\"", Pattern.DOTALL)
            .matcher(source);
    List<String> texts = new ArrayList<>();
    while (literal.find()) {
      texts.add(literal.group(1) == null ? literal.group(2) : literal.group(1));
    }
    return texts;
  }
}
