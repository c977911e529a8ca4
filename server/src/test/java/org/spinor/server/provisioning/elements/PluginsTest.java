package org.spinor.server.provisioning.elements;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.Parameter;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

class PluginsTest {
  @TempDir Path folder;

  /** What is dropped in these tests. */
  public static final class Dropped implements ComputingElementPlugin {
    @Override
    public String name() {
      return "Dropped";
    }

    @Override
    public String description() {
      return "Does nothing.";
    }

    @Override
    public java.util.List<Parameter> parameters() {
      return java.util.List.of();
    }

    @Override
    public ComputingElement create(ComputingElementContext context) {
      throw new MisconfiguredException("does nothing");
    }
  }

  @BeforeEach
  void makeFolders() throws IOException {
    Files.createDirectories(folder.resolve("shipped"));
    Files.createDirectories(folder.resolve("own"));
  }

  private void drop(String parent, String name) throws IOException, URISyntaxException {
    Path target = Files.createDirectories(folder.resolve(parent).resolve(name));
    String type = Dropped.class.getName();
    Path classes =
        Path.of(Dropped.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(target.resolve("dropped.jar")))) {
      jar.putNextEntry(new JarEntry(type.replace('.', '/') + ".class"));
      Files.copy(classes.resolve(type.replace('.', '/') + ".class"), jar);
      jar.putNextEntry(new JarEntry("META-INF/services/" + ComputingElementPlugin.class.getName()));
      jar.write(type.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private Plugins installed() {
    return Plugins.installed(folder.resolve("shipped"), folder.resolve("own"));
  }

  @Test
  void foldersHaveClassLoadersOfTheirOwn() throws Exception {
    drop("shipped", "one");
    ComputingElementPlugin plugin = installed().named("Dropped");
    assertThat(plugin.getClass()).isNotEqualTo(Dropped.class);
    assertThat(plugin.getClass().getClassLoader().getName()).isEqualTo("plugin-one");
  }

  @Test
  void ownFolderStandsInForTheShippedOneOfItsName() throws Exception {
    drop("shipped", "one");
    drop("own", "one");
    assertThat(installed().named("Dropped")).isNotNull();
    drop("own", "two");
    assertThatThrownBy(() -> installed().named("Dropped"))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("2 plug-ins");
  }

  @Test
  void foldersMayBeMissing() {
    Plugins plugins = Plugins.installed(folder.resolve("none"), folder.resolve("neither"));
    assertThat(plugins.named("Local")).isNotNull();
    assertThatThrownBy(() -> plugins.named("Dropped")).hasMessageContaining("HTCondorCE, Local");
  }
}
