package org.spinor.cli.startup;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Gives old class files in jars the form of Java 8: an ahead-of-time cache holds no class older
 * than Java 6, and none that derives from one. Picocli's classes are of Java 5; with them in the
 * cache the command line starts in half the time.
 */
public final class ModernClasses {
  private static final int JAVA_6 = ClassFile.JAVA_6_VERSION;
  private static final int TARGET = ClassFile.JAVA_8_VERSION;

  private ModernClasses() {}

  /**
   * @param jars to be changed in place, where they have old classes
   */
  public static void main(String[] jars) throws IOException {
    for (String jar : jars) {
      modernise(Path.of(jar));
    }
  }

  /** Rewrites the jar, if it needs it. */
  static boolean modernise(Path jar) throws IOException {
    Path changed = jar.resolveSibling(jar.getFileName() + ".new");
    boolean any;
    try (URLClassLoader loader =
            new URLClassLoader(
                new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        JarFile source = new JarFile(jar.toFile());
        ZipOutputStream target = new ZipOutputStream(Files.newOutputStream(changed))) {
      ClassFile classFile =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ConstantPoolSharingOption.NEW_POOL,
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(loader)
                      .orElse(ClassHierarchyResolver.defaultResolver())));
      any = copy(source, target, classFile);
    }
    if (any) {
      Files.move(changed, jar, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } else {
      Files.delete(changed);
    }
    return any;
  }

  private static boolean copy(JarFile source, ZipOutputStream target, ClassFile classFile)
      throws IOException {
    boolean any = false;
    for (Enumeration<JarEntry> entries = source.entries(); entries.hasMoreElements(); ) {
      JarEntry entry = entries.nextElement();
      byte[] bytes;
      try (InputStream in = source.getInputStream(entry)) {
        bytes = in.readAllBytes();
      }
      if (isOldClass(entry.getName(), bytes)) {
        ClassModel model = classFile.parse(bytes);
        bytes = classFile.transformClass(model, ClassTransform.ofStateful(ToTarget::new));
        any = true;
      }
      ZipEntry copy = new ZipEntry(entry.getName());
      copy.setTime(entry.getTime());
      target.putNextEntry(copy);
      target.write(bytes);
      target.closeEntry();
    }
    return any;
  }

  /** The version stands in bytes 6 and 7 of a class file. */
  private static boolean isOldClass(String name, byte[] bytes) {
    return name.endsWith(".class")
        && bytes.length > 8
        && (((bytes[6] & 0xff) << 8) | (bytes[7] & 0xff)) < JAVA_6;
  }

  /** Everything as it is but the version. */
  private static final class ToTarget implements ClassTransform {
    @Override
    public void accept(ClassBuilder builder, ClassElement element) {
      if (!(element instanceof ClassFileVersion)) {
        builder.with(element);
      }
    }

    @Override
    public void atEnd(ClassBuilder builder) {
      builder.withVersion(TARGET, 0);
    }
  }
}
