package org.spinor.plugins.computing.batch.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.spinor.plugins.computing.batch.system.BatchCommand;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.TemporaryException;

/**
 * This host, where the batch system's programs need a token: each of them finds one in a file that
 * is there for as long as it runs, readable for the server's account only. The token stands on no
 * command line and in no environment, its path does.
 *
 * @see <a href="https://doi.org/10.5281/zenodo.3937438">WLCG bearer token discovery</a>
 */
public final class TokenHost implements Host {
  private static final FileAttribute<?> OURS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<?> OUR_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Host host;
  private final Path folder;
  private final List<String> variables;
  private final Supplier<String> token;

  /**
   * @param host this one
   * @param folder for the files
   * @param variables that name the file to the programs
   * @param token good for the next minutes
   */
  public TokenHost(Host host, Path folder, List<String> variables, Supplier<String> token) {
    this.host = host;
    this.folder = folder;
    this.variables = List.copyOf(variables);
    this.token = token;
  }

  @Override
  public Answer run(BatchCommand command, Duration limit) {
    // Scripts of our own work on files of this host.
    if (command.program().equals("sh")) {
      return host.run(command, limit);
    }
    String value = token.get();
    Path file = fresh();
    try {
      Files.writeString(file, value);
      List<String> arguments = new ArrayList<>(List.of("env"));
      variables.forEach(name -> arguments.add(name + "=" + file));
      arguments.addAll(command.arguments());
      return host.run(new BatchCommand(arguments, command.input()), limit);
    } catch (IOException e) {
      throw new TemporaryException("cannot write a token into " + folder, e);
    } finally {
      remove(file);
    }
  }

  private Path fresh() {
    try {
      Files.createDirectories(folder, OUR_FOLDER);
      return Files.createTempFile(folder, "token", "", OURS);
    } catch (IOException e) {
      throw new MisconfiguredException("cannot make a file for a token in " + folder, e);
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new TemporaryException("cannot remove " + file + ", which holds a token", e);
    }
  }

  @Override
  public String title() {
    return host.title();
  }

  @Override
  public String home() {
    return host.home();
  }

  @Override
  public void put(String path, byte[] content, Duration limit) {
    host.put(path, content, limit);
  }

  @Override
  public Tail tail(String path, int maxBytes, Duration limit) {
    return host.tail(path, maxBytes, limit);
  }

  @Override
  public void close() {
    host.close();
  }
}
