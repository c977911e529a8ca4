package org.spinor.plugins.computing.boinc;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.spinor.spi.Credential;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;

/**
 * BOINC's web interface for remote job submission ({@code submit_rpc_handler.php}), for input files
 * ({@code job_file.php}) and for output files ({@code get_output.php}). All of them may throw the
 * exceptions of the SPI for a call that failed.
 */
final class Project implements AutoCloseable {
  private static final String RPC = "submit_rpc_handler.php";
  private static final String FILES = "job_file.php";
  private static final int LARGEST = 16 << 20;

  /** Of BOINC's reasons for giving a work unit up: somebody wanted it. */
  private static final int CANCELLED = 16;

  private final URI url;
  private final Supplier<Credential.Secret> authenticator;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(Duration.ofSeconds(15))
          .build();

  /**
   * @param url with a slash at its end
   * @param authenticator asked for at each request
   */
  Project(URI url, Supplier<Credential.Secret> authenticator) {
    this.url = url;
    this.authenticator = authenticator;
  }

  /** How a job fares, as BOINC says it. */
  enum Status {
    UNSENT,
    IN_PROGRESS,
    DONE,
    ERROR
  }

  /**
   * A job that has ended, or not.
   *
   * @param exitCode of the instance that counts, or of one that failed
   * @param errors why BOINC gave it up; 0: it did not
   */
  record Ending(boolean done, int errors, OptionalInt exitCode, String stderr) {
    boolean cancelled() {
      return (errors & CANCELLED) != 0;
    }

    boolean isOver() {
      return done || errors != 0;
    }
  }

  /** A new batch without jobs. */
  long createBatch(String name, String app, Deadline deadline) {
    String answer =
        good(
            RPC,
            "create_batch",
            Xml.element("app_name", app)
                + Xml.element("batch_name", name)
                + Xml.element("expire_time", 0),
            deadline);
    return Xml.text(answer, "batch_id")
        .filter(id -> id.matches("\\d{1,18}"))
        .map(Long::parseLong)
        .orElseThrow(() -> strange("create_batch", answer));
  }

  /**
   * Brings a file there and ties it to a batch, with which it goes. Projects of different ages call
   * it by its name or by its checksum: both are said.
   *
   * @return its name there
   */
  String upload(long batch, byte[] content, Deadline deadline) {
    String md5 = md5(content);
    String name = "jf_" + md5;
    String file =
        Xml.element("batch_id", batch) + Xml.element("phys_name", name) + Xml.element("md5", md5);
    String known = good(FILES, "query_files", file, deadline);
    if (!Xml.has(known, "absent_files")) {
      throw strange("query_files", known);
    }
    boolean absent =
        Xml.all(known, "absent_files").stream().anyMatch(files -> files.contains("<file>"));
    if (absent) {
      String answer = checked(form(FILES, "upload_files", file, content, deadline));
      if (!Xml.has(answer, "success")) {
        throw strange("upload_files", answer);
      }
    }
    return name;
  }

  /** Fills a batch. */
  void submit(long batch, String app, String job, Deadline deadline) {
    String answer =
        good(
            RPC,
            "submit_batch",
            "<batch>\n"
                + Xml.element("app_name", app)
                + Xml.element("batch_id", batch)
                + job
                + "</batch>\n",
            deadline);
    if (Xml.text(answer, "batch_id").isEmpty()) {
      throw strange("submit_batch", answer);
    }
  }

  /**
   * The jobs of these batches.
   *
   * @throws NoSuchThingException one of them is not there; the message has its name
   */
  Map<String, Status> jobs(List<String> batches, Deadline deadline) throws NoSuchThingException {
    StringBuilder asked = new StringBuilder(Xml.element("min_mod_time", 0));
    batches.forEach(name -> asked.append(Xml.element("batch_name", name)));
    String answer = known(RPC, "query_batch2", asked.toString(), deadline);
    if (Xml.text(answer, "server_time").isEmpty()) {
      throw strange("query_batch2", answer);
    }
    Map<String, Status> jobs = new LinkedHashMap<>();
    for (String job : Xml.all(answer, "job")) {
      Optional<String> name = Xml.text(job, "job_name");
      Optional<String> status = Xml.text(job, "status");
      if (name.isPresent() && status.isPresent()) {
        jobs.put(name.get(), status(status.get(), answer));
      }
    }
    return jobs;
  }

  private static Status status(String text, String answer) {
    for (Status status : Status.values()) {
      if (status.name().equals(text)) {
        return status;
      }
    }
    throw strange("query_batch2", answer);
  }

  /**
   * How a job has ended, if it has.
   *
   * @throws NoSuchThingException no such job
   */
  Ending ending(String job, Deadline deadline) throws NoSuchThingException {
    String answer = known(RPC, "query_completed_job", Xml.element("job_name", job), deadline);
    Optional<String> errors = Xml.text(answer, "error_mask").filter(t -> t.matches("\\d{1,9}"));
    if (errors.isEmpty()) {
      throw strange("query_completed_job", answer);
    }
    OptionalInt code =
        Xml.text(answer, "exit_status")
            .filter(text -> text.matches("-?\\d{1,9}"))
            .map(text -> OptionalInt.of(Integer.parseInt(text)))
            .orElse(OptionalInt.empty());
    return new Ending(
        Xml.text(answer, "canonical_resultid").isPresent(),
        Integer.parseInt(errors.get()),
        code,
        Xml.text(answer, "stderr_out").orElse(""));
  }

  /**
   * Has a job given up.
   *
   * @throws NoSuchThingException no such job
   */
  void abort(String job, Deadline deadline) throws NoSuchThingException {
    String answer = known(RPC, "abort_jobs", Xml.element("job_name", job), deadline);
    if (!Xml.has(answer, "success")) {
      throw strange("abort_jobs", answer);
    }
  }

  /**
   * Nobody asks for this batch any more: its files go.
   *
   * @throws NoSuchThingException no such batch
   */
  void retire(String batch, Deadline deadline) throws NoSuchThingException {
    String answer = known(RPC, "retire_batch", Xml.element("batch_name", batch), deadline);
    if (!Xml.has(answer, "success")) {
      throw strange("retire_batch", answer);
    }
  }

  /**
   * The first output file of a job's only instance. Asked for by a checksum and not by the
   * authenticator, which would stand in the logs of every machine on the way.
   *
   * @return empty: it has none
   */
  Optional<String> output(String job, Deadline deadline) {
    String instance = job + "_0";
    String proof = md5((authenticator.get().value() + instance).getBytes(StandardCharsets.UTF_8));
    String answer =
        send(
            HttpRequest.newBuilder(
                    url.resolve(
                        "get_output.php?cmd=result_file&result_name="
                            + instance
                            + "&file_num=0&auth_str="
                            + proof))
                .GET(),
            deadline);
    return answer.startsWith("ERROR:") || answer.isEmpty() ? Optional.empty() : Optional.of(answer);
  }

  private String good(String handler, String operation, String content, Deadline deadline) {
    return checked(post(handler, operation, content, deadline));
  }

  private String known(String handler, String operation, String content, Deadline deadline)
      throws NoSuchThingException {
    String answer = post(handler, operation, content, deadline);
    String error = Xml.text(answer, "error_msg").orElse("");
    if (error.matches("(?i)(BOINC server: )?no (such )?(job|batch)\\b.*")) {
      throw new NoSuchThingException(error);
    }
    return checked(answer);
  }

  /** The answer, unless it is an error. */
  private static String checked(String answer) {
    if (!answer.contains("<error>") && !answer.contains("<error_msg>")) {
      return answer;
    }
    String message = Xml.text(answer, "error_msg").orElseGet(() -> sample(answer));
    int number =
        Xml.text(answer, "error_num")
            .filter(text -> text.matches("-?\\d{1,6}"))
            .map(Integer::parseInt)
            .orElse(-1);
    String words = "the project says: " + message;
    if (number == -138 || number == -183) {
      throw new TemporaryException(words);
    }
    if (message.contains("no app named") || message.contains("input files")) {
      throw new MisconfiguredException(words);
    }
    if (message.contains("authenticator")
        || message.contains("permission")
        || message.contains("not owner")
        || message.contains("submit access")
        || message.contains("no submit")) {
      throw new RefusedException(words);
    }
    throw new TemporaryException(words);
  }

  private String post(String handler, String operation, String content, Deadline deadline) {
    String body =
        "request=" + URLEncoder.encode(request(operation, content), StandardCharsets.UTF_8);
    return send(
        HttpRequest.newBuilder(url.resolve(handler))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)),
        deadline);
  }

  private String request(String operation, String content) {
    return "<"
        + operation
        + ">\n"
        + Xml.element("authenticator", authenticator.get().value())
        + content
        + "</"
        + operation
        + ">\n";
  }

  private String form(
      String handler, String operation, String content, byte[] file, Deadline deadline) {
    String boundary = "spinor" + md5(file);
    String head =
        "--"
            + boundary
            + "\r\nContent-Disposition: form-data; name=\"request\"\r\n\r\n"
            + request(operation, content)
            + "\r\n--"
            + boundary
            + "\r\nContent-Disposition: form-data; name=\"file_0\"; filename=\"file_0\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n";
    List<byte[]> parts = new ArrayList<>();
    parts.add(head.getBytes(StandardCharsets.UTF_8));
    parts.add(file);
    parts.add(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return send(
        HttpRequest.newBuilder(url.resolve(handler))
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(HttpRequest.BodyPublishers.ofByteArrays(parts)),
        deadline);
  }

  private String send(HttpRequest.Builder request, Deadline deadline) {
    Future<HttpResponse<byte[]>> future =
        client.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST));
    try {
      HttpResponse<byte[]> answer = future.get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
      String text = new String(answer.body(), StandardCharsets.UTF_8);
      return switch (answer.statusCode()) {
        case 200 -> text;
        case 401, 403 -> throw new RefusedException(host() + " refuses: " + answer.statusCode());
        case 404 ->
            throw new MisconfiguredException(
                host()
                    + " has no "
                    + answer.uri().getPath()
                    + ": is URL the address of a project?");
        default ->
            throw new TemporaryException(
                host() + " answers " + answer.statusCode() + ": " + sample(text));
      };
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new TemporaryException(host() + " does not answer in time", e);
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new TemporaryException("interrupted while " + host() + " was asked", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause());
    }
  }

  private RuntimeException failure(Throwable cause) {
    return switch (cause) {
      case SSLException tls ->
          new TemporaryException("no TLS with " + host() + ": " + tls.getMessage(), tls);
      case ConnectException refused ->
          new TemporaryException(host() + " cannot be reached", refused);
      case IOException broken ->
          new TemporaryException(
              "the connection to " + host() + " broke: " + broken.getMessage(), broken);
      default -> new TemporaryException(host() + ": " + cause, cause);
    };
  }

  private String host() {
    return url.getAuthority();
  }

  private static TemporaryException strange(String operation, String answer) {
    return new TemporaryException("the answer to " + operation + " is none: " + sample(answer));
  }

  private static String sample(String answer) {
    String all = answer.strip().replaceAll("\\s+", " ");
    return all.length() <= 200 ? all : all.substring(0, 200) + "...";
  }

  /** BOINC names files by MD5; nothing is protected by it here. */
  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
