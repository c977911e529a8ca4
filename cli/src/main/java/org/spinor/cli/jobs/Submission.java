package org.spinor.cli.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.spinor.api.InsertedJob;
import org.spinor.cli.console.LiveView;
import org.spinor.cli.session.Context;
import org.spinor.cli.session.ExitCode;
import org.spinor.cli.session.Failure;
import org.spinor.client.SpinorClient;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Jdl;
import org.spinor.jdl.JdlException;
import org.spinor.jdl.Printer;

/**
 * Sends job descriptions. Everything that can be wrong without the server's help (syntax, missing
 * files) is found in all of them before anything is sent.
 */
public final class Submission {
  private final Context context;
  private final SpinorClient client;
  private final List<Description> descriptions = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  public Submission(Context context, SpinorClient client) {
    this.context = context;
    this.client = client;
  }

  /**
   * Adds a description.
   *
   * @param source where it comes from, for messages
   * @param text the description in JDL
   * @param changes attributes that replace or complete its own, as {@code CPUTime = 300}
   * @param directory against which the names of local files are resolved
   */
  public void add(String source, String text, List<String> changes, Path directory) {
    try {
      Ad.Builder ad = Jdl.parse(text).toBuilder();
      for (String change : changes) {
        Ad parsed = Jdl.parse(change);
        parsed.names().forEach(name -> parsed.get(name).ifPresent(value -> ad.put(name, value)));
      }
      Description description = new Description(source, ad.build(), directory);
      for (Path file : description.localInputs()) {
        if (!Files.exists(file)) {
          problems.add(source + ": no file " + file + missingHint(file));
        }
      }
      descriptions.add(description);
    } catch (JdlException e) {
      problems.add(source + ": " + e.getMessage());
    }
  }

  private static String missingHint(Path file) {
    return file.toString().contains("%")
        ? " (parameters cannot stand in the names of local files)"
        : " (named in InputSandbox)";
  }

  /** The texts as they would be sent, with local files as they stand. */
  List<String> texts() {
    check();
    return descriptions.stream().map(description -> Printer.print(description.ad())).toList();
  }

  private void check() {
    if (!problems.isEmpty()) {
      throw new Failure(ExitCode.FAILED, "nothing was submitted\n" + String.join("\n", problems));
    }
  }

  /** Sends files and descriptions. */
  public List<InsertedJob> send() throws IOException {
    check();
    List<Description> ready = upload();
    List<String> plain = new ArrayList<>();
    List<InsertedJob> jobs = new ArrayList<>();
    for (Description description : ready) {
      String text = Printer.print(description.ad());
      if (description.isParametric()) {
        // the contract takes these one at a time
        jobs.addAll(client.jobs().submit(List.of(text)));
      } else {
        plain.add(text);
      }
    }
    if (!plain.isEmpty()) {
      jobs.addAll(client.jobs().submit(plain));
    }
    return jobs;
  }

  private List<Description> upload() throws IOException {
    Map<List<Path>, String> sandboxes = new HashMap<>();
    List<Description> ready = new ArrayList<>();
    try (LiveView view = new LiveView(context.terminal(), context.clock())) {
      for (Description description : descriptions) {
        List<Path> files = description.localInputs();
        if (files.isEmpty()) {
          ready.add(description);
          continue;
        }
        String pfn = sandboxes.get(files);
        if (pfn == null) {
          String text =
              "sending "
                  + files.size()
                  + (files.size() == 1 ? " file (" : " files (")
                  + size(files)
                  + ")";
          view.show(List.of(text), text);
          pfn = client.sandboxes().create(files);
          sandboxes.put(files, pfn);
        }
        ready.add(description.withSandbox(pfn));
      }
    }
    return ready;
  }

  private static String size(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      try (Stream<Path> all = Files.walk(file)) {
        bytes += all.mapToLong(one -> one.toFile().length()).sum();
      }
    }
    return bytes < 1_000_000 ? bytes / 1000 + " kB" : bytes / 1_000_000 + " MB";
  }
}
