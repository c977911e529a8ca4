package org.spinor.plugins.computing.batch.ssh;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension;
import org.apache.sshd.sftp.client.impl.SftpInputStreamAsync;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.computing.SiteFolder;

/** A folder on a host behind SSH, by the connection that the queues of the host use too. */
final class SftpFolder implements SiteFolder {
  private static final int PIECE = 32 * 1024;
  private static final int OWNER_ONLY = 0700;

  private final SshConnections connections;
  private final SshConnection connection;
  private final String folder;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param connection taken from these connections for this folder alone
   * @param folder absolute
   */
  SftpFolder(SshConnections connections, SshConnection connection, String folder) {
    this.connections = connections;
    this.connection = connection;
    this.folder = folder.replaceAll("(?<=.)/+$", "");
  }

  private SftpChannel files() {
    return connection.files();
  }

  private String at(String path) {
    return path.isEmpty() ? folder : folder + "/" + path;
  }

  @Override
  public String place() {
    return connection.target() + ":" + folder;
  }

  @Override
  public void makeFolder(String path) throws IOException {
    String whole = at(path);
    if (attributes(whole).isPresent()) {
      return;
    }
    for (int end = whole.indexOf('/', 1); end > 0; end = whole.indexOf('/', end + 1)) {
      make(whole.substring(0, end));
    }
    make(whole);
  }

  /** Somebody else may make it at the same time. */
  private void make(String whole) throws IOException {
    if (attributes(whole).isPresent()) {
      return;
    }
    try {
      files()
          .with(
              whole,
              sftp -> {
                sftp.mkdir(whole);
                // before anything is in it
                sftp.setStat(whole, new SftpClient.Attributes().perms(OWNER_ONLY));
                return true;
              });
    } catch (IOException e) {
      if (attributes(whole).isEmpty()) {
        throw e;
      }
    }
  }

  @Override
  public Set<PosixFilePermission> permissions(String path) throws IOException {
    int mode =
        attributes(at(path)).orElseThrow(() -> new NoSuchFileException(at(path))).getPermissions();
    PosixFilePermission[] all = {
      PosixFilePermission.OTHERS_EXECUTE,
      PosixFilePermission.OTHERS_WRITE,
      PosixFilePermission.OTHERS_READ,
      PosixFilePermission.GROUP_EXECUTE,
      PosixFilePermission.GROUP_WRITE,
      PosixFilePermission.GROUP_READ,
      PosixFilePermission.OWNER_EXECUTE,
      PosixFilePermission.OWNER_WRITE,
      PosixFilePermission.OWNER_READ
    };
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < all.length; bit++) {
      if ((mode & (1 << bit)) != 0) {
        permissions.add(all[bit]);
      }
    }
    return permissions;
  }

  private Optional<SftpClient.Attributes> attributes(String whole) throws IOException {
    try {
      return Optional.of(files().with(whole, sftp -> sftp.stat(whole)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<Entry> list(String path) throws IOException {
    return files()
        .with(
            at(path),
            sftp -> {
              List<Entry> entries = new ArrayList<>();
              try (SftpClient.CloseableHandle handle = sftp.openDir(at(path))) {
                AtomicReference<Boolean> end = new AtomicReference<>();
                List<SftpClient.DirEntry> some = sftp.readDir(handle, end);
                while (some != null) {
                  for (SftpClient.DirEntry one : some) {
                    if (!one.getFilename().equals(".") && !one.getFilename().equals("..")) {
                      entries.add(entry(one.getFilename(), one.getAttributes()));
                    }
                  }
                  some = Boolean.TRUE.equals(end.get()) ? null : sftp.readDir(handle, end);
                }
              }
              return entries;
            });
  }

  private static Entry entry(String name, SftpClient.Attributes facts) {
    Instant changed =
        facts.getModifyTime() == null ? Instant.EPOCH : facts.getModifyTime().toInstant();
    return new Entry(name, facts.getSize(), changed);
  }

  @Override
  public Optional<Entry> look(String path) throws IOException {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return attributes(at(path)).map(facts -> entry(name, facts));
  }

  @Override
  public byte[] begin(String path, int most) throws IOException {
    return files()
        .with(
            at(path),
            sftp -> {
              try (SftpClient.CloseableHandle file =
                  sftp.open(at(path), SftpClient.OpenMode.Read)) {
                byte[] bytes = new byte[most];
                int filled = 0;
                int asked = Math.min(PIECE, most);
                int came = sftp.read(file, 0, bytes, 0, asked);
                while (came > 0) {
                  filled += came;
                  // servers give less than was asked for at the end of a file only
                  boolean more = came == asked && filled < most;
                  asked = Math.min(PIECE, most - filled);
                  came = more ? sftp.read(file, filled, bytes, filled, asked) : 0;
                }
                return Arrays.copyOf(bytes, filled);
              }
            });
  }

  @Override
  public InputStream read(String path, long from) throws IOException {
    String whole = at(path);
    SftpChannel files = files();
    return files.with(
        whole,
        sftp -> {
          SftpInputStreamAsync in =
              new SftpInputStreamAsync(
                  sftp,
                  PIECE,
                  from,
                  sftp.stat(whole).getSize(),
                  whole,
                  sftp.open(whole, SftpClient.OpenMode.Read));
          return new Named(in, files, whole);
        });
  }

  /** Says what failed as all other calls do. */
  private static final class Named extends FilterInputStream {
    private final SftpChannel files;
    private final String path;

    Named(InputStream in, SftpChannel files, String path) {
      super(in);
      this.files = files;
      this.path = path;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      try {
        return super.read(bytes, from, length);
      } catch (IOException e) {
        throw files.failure(path, e);
      }
    }
  }

  @Override
  public void write(String part, String path, Content content) throws IOException {
    String written = at(part);
    files()
        .with(
            at(path),
            sftp -> {
              OpenSSHPosixRenameExtension rename =
                  sftp.getExtension(OpenSSHPosixRenameExtension.class);
              if (rename == null || !rename.isSupported()) {
                throw new MisconfiguredException(
                    connection.target()
                        + ": its SFTP server cannot rename as POSIX does (posix-rename@openssh.com)");
              }
              boolean done = false;
              try {
                try (OutputStream out =
                    sftp.write(
                        written,
                        PIECE,
                        SftpClient.OpenMode.Create,
                        SftpClient.OpenMode.Truncate,
                        SftpClient.OpenMode.Write)) {
                  content.writeTo(out);
                }
                rename.posixRename(written, at(path));
                done = true;
              } finally {
                if (!done && sftp.isOpen()) {
                  remove(sftp, written);
                }
              }
              return true;
            });
  }

  /** The first failure is the one that counts. */
  private static void remove(SftpClient sftp, String whole) {
    try {
      sftp.remove(whole);
    } catch (IOException e) {
      // it stays until somebody tidies up
    }
  }

  @Override
  public void remove(String path) throws IOException {
    try {
      files()
          .with(
              at(path),
              sftp -> {
                sftp.remove(at(path));
                return true;
              });
    } catch (NoSuchFileException e) {
      // as it should be
    } catch (IOException e) {
      if (!attributes(at(path)).map(SftpClient.Attributes::isDirectory).orElse(false)) {
        throw e;
      }
      files()
          .with(
              at(path),
              sftp -> {
                sftp.rmdir(at(path));
                return true;
              });
    }
  }

  @Override
  public void close() {
    if (!closed.getAndSet(true)) {
      connections.release(connection);
    }
  }
}
