package org.spinor.pilot.link;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.spinor.api.AttemptId;
import org.spinor.api.AttemptRequeue;
import org.spinor.api.ErrorCode;
import org.spinor.api.HeartbeatData;
import org.spinor.api.JobCommand;
import org.spinor.api.JobId;
import org.spinor.api.JobStatusUpdate;
import org.spinor.api.SandboxDownload;
import org.spinor.api.SandboxInfo;
import org.spinor.api.SandboxUpload;
import org.spinor.api.SpinorException;
import org.spinor.client.Json;
import org.spinor.client.Transport;
import tools.jackson.databind.JsonNode;

/**
 * The calls of one attempt at one job, made with the attempt's token. Nothing is repeated here;
 * {@link Fault} sorts what is thrown.
 */
public final class JobLink {
  /** A sandbox of 100 MiB over a slow line. */
  private static final Duration TRANSFER_LIMIT = Duration.ofMinutes(15);

  private static final DateTimeFormatter REPORT_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Transport transport;
  private final JobId id;
  private final int attempt;

  JobLink(Transport transport, JobId id, int attempt) {
    this.transport = transport;
    this.id = id;
    this.attempt = attempt;
  }

  public AttemptId attempt() {
    return new AttemptId(id, attempt);
  }

  /** Reports statuses, each with its time. */
  public void status(SortedMap<Instant, JobStatusUpdate> updates) {
    Map<String, JobStatusUpdate> byTime = new LinkedHashMap<>();
    updates.forEach((time, update) -> byTime.put(REPORT_TIME.format(time), update));
    transport.json("PATCH", "/api/jobs/status", Map.of(id.toString(), byTime));
  }

  /** Reports what was measured; the answer carries what users want of the job. */
  public List<JobCommand> heartbeat(HeartbeatData data) {
    HttpResponse<String> answer =
        transport.json("PATCH", "/api/jobs/heartbeat", Map.of(id.toString(), data));
    List<JobCommand> commands = new ArrayList<>();
    for (JsonNode command : Json.tree(answer.body())) {
      commands.add(Json.mapper().treeToValue(command, JobCommand.class));
    }
    return commands;
  }

  /** Sets parameters of the job. */
  public void parameters(Map<String, Object> parameters) {
    transport.json("PATCH", "/api/jobs/metadata", Map.of(id.toString(), parameters));
  }

  /** Gives the attempt back as the infrastructure's failure. */
  public void requeue(String reason) {
    transport.json(
        "POST",
        "/api/jobs/" + id + "/attempts/" + attempt + "/requeue",
        new AttemptRequeue(reason));
  }

  /** Where the bytes of a sandbox are. */
  public SandboxDownload locate(String pfn) {
    String query = URLEncoder.encode(pfn, StandardCharsets.UTF_8);
    return Json.read(
        transport.json("GET", "/api/jobs/sandbox?pfn=" + query, null).body(),
        SandboxDownload.class);
  }

  /**
   * Fetches what a URL from {@link #locate} gives into a file, in place of what it held; what a
   * store says in a refusal is no part of it. The URL may be of another server, so no token goes
   * with it.
   */
  public void download(String url, Path target) {
    HttpRequest request = HttpRequest.newBuilder(absolute(url)).timeout(TRANSFER_LIMIT).build();
    HttpResponse<Path> answer =
        transport.exchange(
            request,
            info ->
                info.statusCode() == 200
                    ? BodySubscribers.ofFile(target, CREATE, WRITE, TRUNCATE_EXISTING)
                    : BodySubscribers.replacing(target));
    if (answer.statusCode() != 200) {
      throw transferProblem("download", answer.statusCode());
    }
  }

  /** Tells of a sandbox and gets the place where it goes. */
  public SandboxUpload announce(SandboxInfo sandbox) {
    return Json.read(
        transport.json("POST", "/api/jobs/sandbox", sandbox).body(), SandboxUpload.class);
  }

  /** Sends an archive to the place that {@link #announce} named. */
  public void upload(String url, Map<String, String> fields, Path archive) {
    MultipartForm form = MultipartForm.of(fields, archive);
    HttpRequest request =
        HttpRequest.newBuilder(absolute(url))
            .timeout(TRANSFER_LIMIT)
            .header("Content-Type", form.contentType())
            .POST(form.body())
            .build();
    HttpResponse<String> answer = transport.exchange(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw transferProblem("upload", answer.statusCode());
    }
  }

  /** Makes an uploaded sandbox the job's output. Doing it twice does no harm. */
  public void assignOutput(String pfn) {
    try {
      transport.json("PATCH", "/api/jobs/" + id + "/sandbox/output", pfn);
    } catch (SpinorException e) {
      String text = e.getMessage() == null ? "" : e.getMessage();
      if (!text.contains("already assigned")) {
        throw e;
      }
    }
  }

  private URI absolute(String url) {
    return transport.server().resolve(url);
  }

  /**
   * A store's refusal: an address that has run out (403) or a busy store is worth another try with
   * a new address.
   */
  private static RuntimeException transferProblem(String what, int status) {
    String text = "the " + what + " was answered with " + status;
    if (status == 404 || status == 413) {
      return new SpinorException(status == 404 ? ErrorCode.NOT_FOUND : ErrorCode.TOO_LARGE, text);
    }
    return new TransferException(text);
  }
}
