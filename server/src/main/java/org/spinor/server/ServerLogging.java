package org.spinor.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.jul.LevelChangePropagator;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedRollingPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Where log lines go: all to {@code logs/server.log} of the data folder (a new file each day or 50
 * MB, 30 days and 1 GB kept), warnings to stderr too; what auditors read to {@code logs/audit.log}.
 * Set up by hand instead of by XML: half the time, and right from the first line. Logback finds it
 * as a service.
 */
public final class ServerLogging extends ContextAwareBase implements Configurator {
  /** System property: the folder of log files. Without it (tests) there are none. */
  static final String FOLDER = "spinor.logs";

  /** System property: any value for a log that tells more. */
  static final String VERBOSE = "spinor.verbose";

  private static final String LINE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %-28logger{28} %X{trace} %msg%n%ex";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    boolean verbose = System.getProperty(VERBOSE) != null;
    root.setLevel(Level.INFO);
    context.getLogger("org.spinor").setLevel(verbose ? Level.DEBUG : Level.INFO);
    context.getLogger("org.springdoc").setLevel(Level.ERROR);
    context.getLogger("org.flywaydb").setLevel(verbose ? Level.INFO : Level.WARN);
    // Main tells of a failed start in plain words; the whole stack belongs in the file.
    List<ch.qos.logback.classic.Logger> starting =
        Stream.of(
                "org.springframework.boot.diagnostics",
                "org.springframework.boot.SpringApplication",
                "org.springframework.boot.web.server.servlet.context",
                "org.springframework.context.support")
            .map(context::getLogger)
            .toList();
    starting.forEach(logger -> logger.setAdditive(false));
    String folder = System.getProperty(FOLDER);
    if (folder != null) {
      var file = file(context, folder, "server");
      root.addAppender(file);
      var audit = file(context, folder, "audit");
      context.getLogger("security").addAppender(audit);
      context.getLogger("audit").addAppender(audit);
      context.getLogger("audit").setAdditive(false);
      starting.forEach(logger -> logger.addAppender(file));
    }
    root.addAppender(console(context));
    LevelChangePropagator propagator = new LevelChangePropagator();
    propagator.setContext(context);
    propagator.setResetJUL(true);
    propagator.start();
    context.addListener(propagator);
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static ConsoleAppender<ILoggingEvent> console(LoggerContext context) {
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setTarget("System.err");
    ThresholdFilter warnings = new ThresholdFilter();
    warnings.setLevel("WARN");
    warnings.start();
    console.addFilter(warnings);
    start(context, console, "%-5level %msg%n%nopex");
    return console;
  }

  private static RollingFileAppender<ILoggingEvent> file(
      LoggerContext context, String folder, String name) {
    RollingFileAppender<ILoggingEvent> file = new RollingFileAppender<>();
    file.setFile(folder + "/" + name + ".log");
    SizeAndTimeBasedRollingPolicy<ILoggingEvent> rolling = new SizeAndTimeBasedRollingPolicy<>();
    rolling.setContext(context);
    rolling.setParent(file);
    rolling.setFileNamePattern(folder + "/" + name + ".%d{yyyy-MM-dd, UTC}.%i.log.gz");
    rolling.setMaxFileSize(FileSize.valueOf("50MB"));
    rolling.setMaxHistory(30);
    rolling.setTotalSizeCap(FileSize.valueOf("1GB"));
    rolling.start();
    file.setRollingPolicy(rolling);
    start(context, file, LINE);
    return file;
  }

  private static void start(
      LoggerContext context, OutputStreamAppender<ILoggingEvent> appender, String pattern) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(pattern);
    encoder.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
  }
}
