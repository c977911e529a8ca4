package org.spinor.pilot.sandbox;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Recognises how an archive is compressed by its first bytes, whatever its name says. */
final class Compression {
  private static final int GZIP = 0x1F8B;
  private static final int BZIP2 = 'B' << 8 | 'Z';
  private static final int ZSTD = 0x28B5;

  private Compression() {}

  /** The stream uncompressed; one that is not compressed comes back as it is. */
  static InputStream open(InputStream raw) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(raw, 128 * 1024);
    buffered.mark(2);
    int magic = buffered.read() << 8 | buffered.read();
    buffered.reset();
    return switch (magic) {
      case GZIP -> new GZIPInputStream(buffered, 64 * 1024);
      case BZIP2 -> new BZip2CompressorInputStream(buffered, true);
      case ZSTD -> new ZstdInputStreamNoFinalizer(buffered);
      default -> buffered;
    };
  }
}
