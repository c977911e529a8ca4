package org.spinor.pilot.fake;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.spinor.api.Assignment;
import org.spinor.api.AttemptId;
import org.spinor.api.ErrorCode;
import org.spinor.api.JobCommand;
import org.spinor.api.Offer;
import org.spinor.api.PilotAnswer;
import org.spinor.api.PilotHeartbeat;
import org.spinor.api.PilotMetadata;
import org.spinor.api.SecretExchange;
import org.spinor.api.SpinorException;
import org.spinor.api.TokenResponse;
import org.spinor.api.WorkAnswer;
import org.spinor.api.WorkRequest;
import org.spinor.client.Json;

/** Pilots: secrets, work, heartbeats, logs. */
public final class FakePilots {
  public static final String SECRET = "s3cret-of-the-pilot";

  private final FakeJobs jobs;
  private final List<Assignment> queue = new ArrayList<>();
  private final Set<AttemptId> wholeNode = new HashSet<>();
  private final Map<String, List<Assignment>> given = new HashMap<>();
  private final List<Offer> offers = new ArrayList<>();
  private final List<PilotHeartbeat> heartbeats = new ArrayList<>();
  private final List<PilotMetadata> metadata = new ArrayList<>();
  private final List<AttemptId> lost = new ArrayList<>();
  private final List<JobCommand> commands = new ArrayList<>();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private boolean drain;
  private boolean ended;
  private int tokens;
  private int waitSeconds = 1;
  private int tokenLife = 3600;

  FakePilots(FakeJobs jobs) {
    this.jobs = jobs;
  }

  /** Puts a job into the queue. */
  public synchronized Assignment enqueue(String jdl, int cores, long memoryMb) {
    Assignment job = jobs.assignment(jdl, cores, memoryMb, 0);
    queue.add(job);
    return job;
  }

  /** Puts a job into the queue that wants an idle node. */
  public synchronized Assignment enqueueForWholeNode(String jdl) {
    Assignment job = enqueue(jdl, 1, 0);
    wholeNode.add(new AttemptId(job.jobId(), 1));
    return job;
  }

  public synchronized void drain() {
    drain = true;
  }

  /** The secret is good no more. */
  public synchronized void end() {
    ended = true;
  }

  public synchronized void waitSeconds(int seconds) {
    waitSeconds = seconds;
  }

  public synchronized void tokenLife(int seconds) {
    tokenLife = seconds;
  }

  /** With the next heartbeat the pilot hears that it has lost the attempt. */
  public synchronized void lose(AttemptId attempt) {
    lost.add(attempt);
  }

  public synchronized void command(JobCommand command) {
    commands.add(command);
  }

  public synchronized List<Offer> offers() {
    return List.copyOf(offers);
  }

  public synchronized List<PilotHeartbeat> heartbeats() {
    return List.copyOf(heartbeats);
  }

  public synchronized List<PilotMetadata> metadata() {
    return List.copyOf(metadata);
  }

  public synchronized int tokens() {
    return tokens;
  }

  public synchronized String log() {
    return log.toString(StandardCharsets.UTF_8);
  }

  synchronized Answer answer(Request request) {
    String route = request.method() + " " + request.path();
    if (route.equals("POST /api/auth/secret-exchange")) {
      return exchange(request.as(SecretExchange.class));
    }
    if (!request.token().equals("pilot-token-" + tokens)) {
      throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "Invalid JWT");
    }
    if (route.equals("PATCH /api/pilots/metadata")) {
      metadata.add(
          Json.mapper().treeToValue(request.tree().required("stamp1"), PilotMetadata.class));
      return Answer.nothing();
    }
    return switch (route) {
      case "POST /api/pilots/stamp1/work" -> work(request.as(WorkRequest.class));
      case "POST /api/pilots/stamp1/heartbeat" -> heartbeat(request.as(PilotHeartbeat.class));
      case "POST /api/pilots/stamp1/log" ->
          log(Long.parseLong(request.query("offset")), request.body());
      default -> throw new SpinorException(ErrorCode.NOT_FOUND, "no route " + route);
    };
  }

  private Answer exchange(SecretExchange secret) {
    if (ended || !secret.pilotStamp().equals("stamp1") || !secret.pilotSecret().equals(SECRET)) {
      throw new SpinorException(ErrorCode.NOT_AUTHENTICATED, "the pilot's secret is not taken");
    }
    tokens++;
    return Answer.json(new TokenResponse("pilot-token-" + tokens, tokenLife, "Bearer", null));
  }

  private Answer work(WorkRequest request) {
    offers.add(request.offer());
    List<Assignment> jobsGiven = given.computeIfAbsent(request.requestId(), _ -> match(request));
    boolean none = jobsGiven.isEmpty();
    return Answer.json(
        new WorkAnswer(jobsGiven, none ? waitSeconds : 0, drain, none ? "no job waits" : ""));
  }

  private List<Assignment> match(WorkRequest request) {
    List<Assignment> taken = new ArrayList<>();
    int cores = request.offer().cores();
    long memory = request.offer().memoryMb();
    Iterator<Assignment> waiting = queue.iterator();
    while (waiting.hasNext() && taken.size() < request.maxJobs() && !drain) {
      Assignment job = waiting.next();
      boolean whole = wholeNode.contains(new AttemptId(job.jobId(), job.attempt()));
      boolean fits = job.cores() <= cores && job.memoryMb() <= memory;
      if (whole ? request.offer().wholeNode() && taken.isEmpty() : fits) {
        waiting.remove();
        taken.add(job);
        cores -= whole ? cores : job.cores();
        memory -= job.memoryMb();
      }
    }
    return taken;
  }

  private Answer heartbeat(PilotHeartbeat heartbeat) {
    heartbeats.add(heartbeat);
    PilotAnswer answer = new PilotAnswer(drain, lost, commands, 1);
    lost.clear();
    commands.clear();
    return Answer.json(answer);
  }

  private Answer log(long offset, byte[] bytes) {
    if (offset > log.size()) {
      return Answer.problem(ErrorCode.CONFLICT, "a gap", Map.of("next_offset", (long) log.size()));
    }
    int known = (int) (log.size() - offset);
    if (known < bytes.length) {
      log.write(bytes, known, bytes.length - known);
    }
    return Answer.json(Map.of("next_offset", log.size()));
  }
}
