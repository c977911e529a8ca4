package org.spinor.server.sandboxes;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.spinor.server.jobs.JobEvents;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Unpacks output sandboxes for other rooms, and lets go of those that do not count any more. */
@Component
final class OutputReader implements OutputFiles {
  private static final int MOST_ENTRIES = 10_000;
  private static final int LONGEST_NAME = 1024;

  private final SandboxTable table;
  private final Inventory inventory;
  private final Stores stores;
  private final SandboxProperties properties;

  OutputReader(
      SandboxTable table, Inventory inventory, Stores stores, SandboxProperties properties) {
    this.table = table;
    this.inventory = inventory;
    this.stores = stores;
    this.properties = properties;
  }

  @EventListener
  void dropped(JobEvents.OutputDropped event) {
    table.releaseOutputs(event.jobIds());
  }

  @Override
  public void unpack(long jobId, Path folder, long mostBytes)
      throws IOException, BadArchiveException {
    List<SandboxName> names = table.of(jobId, Direction.Output, properties.bucket());
    Map<SandboxName, SandboxTable.Known> known = inventory.find(names);
    Unpacking unpacking = new Unpacking(folder, mostBytes);
    for (SandboxName name : names) {
      SandboxTable.Known row = known.get(name);
      if (row == null) {
        throw new BadArchiveException("the output sandbox was announced and never sent");
      }
      try (InputStream bytes = stores.of(row.store()).open(name)) {
        unpacking.take(name, bytes);
      }
    }
  }

  /** Some archives into one folder. */
  private static final class Unpacking {
    private final Path folder;
    private final byte[] buffer = new byte[64 * 1024];
    private long bytesLeft;
    private int entriesLeft = MOST_ENTRIES;

    Unpacking(Path folder, long mostBytes) {
      this.folder = folder;
      this.bytesLeft = mostBytes;
    }

    void take(SandboxName name, InputStream bytes) throws IOException, BadArchiveException {
      try (TarArchiveInputStream tar = open(name, bytes)) {
        for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
          if (entriesLeft-- == 0) {
            throw new BadArchiveException("it has more than " + MOST_ENTRIES + " files");
          }
          take(tar, entry);
        }
      }
    }

    private static TarArchiveInputStream open(SandboxName name, InputStream bytes)
        throws BadArchiveException {
      InputStream buffered = new BufferedInputStream(bytes, 128 * 1024);
      try {
        return new TarArchiveInputStream(
            name.format().equals("tar.zst")
                ? new ZstdInputStreamNoFinalizer(buffered)
                : new BZip2CompressorInputStream(buffered, true),
            "UTF-8");
      } catch (IOException e) {
        throw damaged(e);
      }
    }

    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar)
        throws BadArchiveException {
      try {
        return tar.getNextEntry();
      } catch (IOException | IllegalArgumentException e) {
        throw damaged(e);
      }
    }

    private void take(TarArchiveInputStream tar, TarArchiveEntry entry)
        throws IOException, BadArchiveException {
      Path place = place(entry.getName());
      if (entry.isDirectory()) {
        folders(place, entry);
        return;
      }
      boolean file = entry.isFile() && !entry.isSymbolicLink() && !entry.isLink();
      if (!file || !tar.canReadEntryData(entry)) {
        // Links and devices do not count as results: whoever wants such a file misses it.
        return;
      }
      folders(Objects.requireNonNull(place.getParent()), entry);
      try (OutputStream out = Files.newOutputStream(place, StandardOpenOption.CREATE_NEW)) {
        for (int count = read(tar); count >= 0; count = read(tar)) {
          bytesLeft -= count;
          if (bytesLeft < 0) {
            throw new BadArchiveException("it unpacks to more than is allowed");
          }
          out.write(buffer, 0, count);
        }
      } catch (FileAlreadyExistsException e) {
        throw new BadArchiveException("it has the file " + entry.getName() + " twice", e);
      }
    }

    private static void folders(Path place, TarArchiveEntry entry)
        throws IOException, BadArchiveException {
      try {
        Files.createDirectories(place);
      } catch (FileAlreadyExistsException e) {
        throw new BadArchiveException(
            "it has a file where a folder should be: " + entry.getName(), e);
      }
    }

    private int read(TarArchiveInputStream tar) throws BadArchiveException {
      try {
        return tar.read(buffer);
      } catch (IOException e) {
        throw damaged(e);
      }
    }

    private Path place(String name) throws BadArchiveException {
      try {
        Path relative = Path.of(name).normalize();
        if (name.isEmpty()
            || name.length() > LONGEST_NAME
            || relative.isAbsolute()
            || relative.startsWith("..")) {
          throw new BadArchiveException("it has a file outside of its folder: " + name);
        }
        return folder.resolve(relative);
      } catch (InvalidPathException e) {
        throw new BadArchiveException("it has a name that cannot be: " + name, e);
      }
    }

    private static BadArchiveException damaged(Exception e) {
      return new BadArchiveException("it is damaged: " + e.getMessage(), e);
    }
  }
}
