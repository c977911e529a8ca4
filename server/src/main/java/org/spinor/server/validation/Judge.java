package org.spinor.server.validation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.DataFolder;
import org.spinor.server.jobs.JobResults;
import org.spinor.server.sandboxes.OutputFiles;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.validation.Earlier;
import org.spinor.spi.validation.Result;
import org.spinor.spi.validation.Verdict;
import org.springframework.stereotype.Component;

/** Asks a VO's validator about a result, whose files it lays out for that time. */
@Component
final class Judge {
  private static final Logger log = LoggerFactory.getLogger(Judge.class);
  private static final String FOLDER = "validation";
  private static final long MOST_BYTES = 2_000_000_000;

  private final Validators validators;
  private final Configurations configurations;
  private final OutputFiles outputs;
  private final DataFolder data;

  Judge(
      Validators validators, Configurations configurations, OutputFiles outputs, DataFolder data) {
    this.validators = validators;
    this.configurations = configurations;
    this.outputs = outputs;
    this.data = data;
    // What a server left that was killed while it looked.
    remove(data.folder(FOLDER));
  }

  /**
   * What the validator of the VO says of a result.
   *
   * @param earlier results of the job that were not decided
   */
  Verdict of(JobResults.Unverified result, String jdl, List<Earlier> earlier) {
    long job = result.attempt().jobId().value();
    Path folder = null;
    try {
      folder = Files.createTempDirectory(data.folder(FOLDER), job + "-");
      outputs.unpack(job, folder, MOST_BYTES);
      return validators
          .of(chosen(result.vo()))
          .judge(
              new Result(
                  FactsReader.read(job, jdl),
                  result.attempt().attempt(),
                  result.host(),
                  folder,
                  earlier));
    } catch (OutputFiles.BadArchiveException e) {
      return new Verdict.Rejected("the output sandbox cannot be used: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("the result of " + result.attempt() + " cannot be read", e);
    } finally {
      if (folder != null) {
        remove(folder);
      }
    }
  }

  private Configuration.Volunteers chosen(String vo) {
    Map<String, Configuration.Operations> operations = configurations.current().operations();
    Configuration.Operations own = operations.get(vo);
    if (own == null) {
      throw new MisconfiguredException("the VO " + vo + " is not in the configuration any more");
    }
    return own.volunteers();
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      log.warn("{} cannot be removed: {}", folder, e.getMessage());
    }
  }
}
