package org.spinor.client;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * An exclusive lock on a file, as {@code flock(2)} gives it. Java's own file locks are of another
 * kind ({@code fcntl}), which the Python clients that share the file do not see; so the C library
 * is asked. Where that cannot be done (no POSIX system, native access denied), Java's lock is used.
 */
final class ExclusiveLock implements AutoCloseable {
  private static final int READ_WRITE = 2;
  private static final int LOCK_EXCLUSIVE = 2;

  private final int descriptor;
  private final @Nullable FileChannel channel;

  private ExclusiveLock(int descriptor, @Nullable FileChannel channel) {
    this.descriptor = descriptor;
    this.channel = channel;
  }

  /** Waits until nobody else holds the lock of this existing file. */
  static ExclusiveLock on(Path file) throws IOException {
    try {
      int descriptor = open(file);
      if (descriptor >= 0) {
        flock(descriptor);
        return new ExclusiveLock(descriptor, null);
      }
    } catch (IllegalCallerException | UnsatisfiedLinkError | UnsupportedOperationException e) {
      // no native access: the lock of Java is better than none
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      channel.lock();
      return new ExclusiveLock(-1, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Closing the file gives the lock back. */
  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    } else {
      invoke(
          "close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), descriptor);
    }
  }

  private static int open(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(file.toAbsolutePath().toString());
      MethodHandle open =
          handle(
              "open",
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
              Linker.Option.firstVariadicArg(2));
      return (int) open.invokeExact(path, READ_WRITE);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static void flock(int descriptor) throws IOException {
    int result =
        invoke(
            "flock",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
            descriptor,
            LOCK_EXCLUSIVE);
    if (result != 0) {
      invoke(
          "close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), descriptor);
      throw new IOException("flock failed");
    }
  }

  private static int invoke(String function, FunctionDescriptor type, Object... arguments) {
    try {
      return (int) handle(function, type).invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  @SuppressWarnings("restricted") // looking up functions of the C library is what this class is for
  private static MethodHandle handle(
      String function, FunctionDescriptor type, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup library = linker.defaultLookup();
    MemorySegment address =
        library.find(function).orElseThrow(() -> new UnsatisfiedLinkError(function));
    return linker.downcallHandle(address, type, options);
  }

  private static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new UnsupportedOperationException(e);
    };
  }
}
