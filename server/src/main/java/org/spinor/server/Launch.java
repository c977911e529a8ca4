package org.spinor.server;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.slf4j.LoggerFactory;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.database.DatabaseStart;
import org.spinor.server.web.DidYouMean;
import org.spinor.server.web.Greeting;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.core.env.MapPropertySource;

/**
 * From the command line to a serving server or a finished command. Whatever goes wrong is told in
 * plain lines on stderr; stack traces are for the log.
 */
final class Launch {
  /** The server runs on its own threads. */
  static final int SERVING = -1;

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;

  private final PrintStream out;
  private final PrintStream err;

  Launch(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  int run(List<String> arguments) {
    try {
      if (!arguments.isEmpty() && arguments.getFirst().equals("admin")) {
        return admin(arguments.subList(1, arguments.size()));
      }
      if (arguments.contains("--help") || arguments.contains("-h")) {
        out.print(ServerOptions.HELP);
        return DONE;
      }
      ServerOptions options = ServerOptions.parse(arguments);
      ConfigurableApplicationContext context = serve(options);
      if (options.once()) {
        context.close();
        return DONE;
      }
      return SERVING;
    } catch (WrongUseException e) {
      err.println("spinor: " + e.getMessage());
      return WRONG_USE;
    } catch (SpinorException e) {
      tell(e);
      return FAILED;
    }
  }

  private ConfigurableApplicationContext serve(ServerOptions options) {
    DataFolderLock lock = DataFolderLock.take(options.data());
    Optional<DatabaseStart> database = Optional.empty();
    try {
      System.setProperty(ServerLogging.FOLDER, options.data().resolve("logs").toString());
      if (options.verbose()) {
        System.setProperty(ServerLogging.VERBOSE, "");
      }
      System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
      LoggerFactory.getILoggerFactory();
      int port = freePort(options.bind(), options.port());
      // PostgreSQL starts while Spring does: two processes, two cores.
      database = Optional.of(DatabaseStart.begin(options.data(), options.databaseUrl()));
      DatabaseStart begun = database.get();
      SpringApplication application = new SpringApplication(SpinorServer.class);
      // Rooms name their classes as they like: two may have a component of the same simple name.
      application.setBeanNameGenerator(FullyQualifiedAnnotationBeanNameGenerator.INSTANCE);
      application.addInitializers(
          starting -> {
            starting
                .getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("command line", options.properties(port)));
            starting.getBeanFactory().registerSingleton("databaseStart", begun);
            // held as long as the server: a lock that nobody holds on to is closed by the collector
            starting.getBeanFactory().registerSingleton("dataFolderLock", lock);
          });
      application.setDefaultProperties(Map.of("spinor.issuer", options.defaultIssuer(port)));
      ConfigurableApplicationContext context = application.run();
      out.println(
          "Spinor serves at %s (data: %s, process %d)"
              .formatted(
                  context.getEnvironment().getRequiredProperty("spinor.issuer"),
                  options.data(),
                  ProcessHandle.current().pid()));
      out.flush();
      context
          .getBeanProvider(Greeting.class)
          .orderedStream()
          .flatMap(greeting -> greeting.line().stream())
          .forEach(err::println);
      return context;
    } catch (RuntimeException e) {
      database.ifPresent(DatabaseStart::close);
      close(lock);
      throw inPlainWords(e, options);
    }
  }

  private static void close(DataFolderLock lock) {
    try {
      lock.close();
    } catch (IOException e) {
      // the process ends now, and the lock with it
    }
  }

  /** Asks the system before the database is started for nothing. */
  private static int freePort(Optional<String> bind, int wanted) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(
          bind.isEmpty()
              ? new InetSocketAddress(wanted)
              : new InetSocketAddress(InetAddress.getByName(bind.get()), wanted));
      return socket.getLocalPort();
    } catch (IOException e) {
      throw cannotListen(bind, wanted, e);
    }
  }

  private static SpinorException cannotListen(Optional<String> bind, int port, Exception cause) {
    String place = bind.map(address -> address + ":").orElse("port ") + port;
    return new SpinorException(
        ErrorCode.UNAVAILABLE,
        "cannot listen on %s: %s. Choose another port with --port"
            .formatted(place, cause.getMessage()));
  }

  private static SpinorException inPlainWords(RuntimeException failure, ServerOptions options) {
    Throwable deepest = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SpinorException known) {
        return known;
      }
      if (cause instanceof PortInUseException e) {
        return cannotListen(options.bind(), e.getPort(), e);
      }
      deepest = cause;
    }
    String reason = deepest.getMessage() == null ? deepest.toString() : deepest.getMessage();
    return new SpinorException(
        ErrorCode.INTERNAL,
        "the server does not start: %s (more in %s)"
            .formatted(
                reason.lines().findFirst().orElse(reason),
                options.data().resolve("logs").resolve("server.log")));
  }

  private int admin(List<String> arguments) {
    List<AdminCommand> commands = new ArrayList<>();
    ServiceLoader.load(AdminCommand.class).forEach(commands::add);
    if (arguments.isEmpty() || List.of("--help", "-h", "help").contains(arguments.getFirst())) {
      (arguments.isEmpty() ? err : out).print(overview(commands));
      return arguments.isEmpty() ? WRONG_USE : DONE;
    }
    String name = arguments.getFirst();
    List<String> rest = arguments.subList(1, arguments.size());
    for (AdminCommand command : commands) {
      if (command.name().equals(name)) {
        if (rest.contains("--help") || rest.contains("-h")) {
          out.println(command.help().stripTrailing());
          return DONE;
        }
        return command.run(rest);
      }
    }
    List<String> names = commands.stream().map(AdminCommand::name).toList();
    throw new WrongUseException(
        "unknown command admin %s%s (all of them: spinor admin --help)"
            .formatted(name, DidYouMean.hint(name, names)));
  }

  private static String overview(List<AdminCommand> commands) {
    StringBuilder text =
        new StringBuilder("Usage: spinor admin COMMAND --data DIR [options]\n\nCommands:\n");
    for (AdminCommand command : commands) {
      text.append("  %-16s %s%n".formatted(command.name(), command.summary()));
    }
    return text.append("\nMore on one of them: spinor admin COMMAND --help\n").toString();
  }

  private void tell(SpinorException failure) {
    err.println("spinor: " + failure.getMessage());
    failure.problems().forEach(problem -> err.println("  " + problem));
  }
}
