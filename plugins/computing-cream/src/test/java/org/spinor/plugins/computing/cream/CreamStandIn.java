package org.spinor.plugins.computing.cream;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.spinor.plugins.computing.cream.Messages.Wrong;
import org.spinor.plugins.grid.Xml;
import org.w3c.dom.Element;

/**
 * A CREAM element with its delegation service and a web folder, behind real TLS: it takes messages
 * that are of the schema, changes states as CREAM does, and runs jobs as processes. Orders are
 * carried out a little later, those of a job one after the other.
 */
final class CreamStandIn implements AutoCloseable {
  private static final int LATER = 30;

  private final HttpsServer server;
  private final Path folder;
  private final Path authorities;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService orders = Executors.newSingleThreadScheduledExecutor();
  private final Map<String, TestJob> jobs = new ConcurrentHashMap<>();
  private final Map<String, TestJob> started = new ConcurrentHashMap<>();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<String> wrong = new CopyOnWriteArrayList<>();
  private final Map<String, ConcurrentLinkedQueue<Misbehaviour>> plans = new ConcurrentHashMap<>();
  private final DelegationDesk delegations = new DelegationDesk();
  private volatile int numbers = 100_000_000;

  /** What it does instead of its duty, once for each that is planned. */
  interface Misbehaviour {
    void with(HttpExchange exchange, Duty duty) throws IOException;
  }

  /** Does what was asked. */
  interface Duty {
    String answer();
  }

  CreamStandIn(TestGrid grid, Path folder) {
    this.folder = folder;
    this.authorities = grid.authorities();
    try {
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SSLContext tls = grid.server();
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = tls.getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext("/ce-cream/services/CREAM2", this::cream);
    server.createContext("/ce-cream/services/gridsite-delegation", this::delegation);
    server.createContext("/folder/", this::folder);
    server.setExecutor(threads);
    server.start();
  }

  String endpoint() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  /** For the next request of this operation, or of {@code PUT}, {@code GET}, {@code DELETE}. */
  void plan(String operation, Misbehaviour misbehaviour) {
    plans.computeIfAbsent(operation, any -> new ConcurrentLinkedQueue<>()).add(misbehaviour);
  }

  /** Operations that were asked for, in their order. */
  List<String> calls() {
    return calls;
  }

  /** What it found wrong in requests. */
  List<String> wrong() {
    return wrong;
  }

  Map<String, TestJob> jobs() {
    return jobs;
  }

  Map<String, byte[]> files() {
    return files;
  }

  DelegationDesk delegations() {
    return delegations;
  }

  /** How often a job of this stamp was started. */
  int startsOf(String stamp) {
    return (int)
        started.values().stream().filter(job -> job.jdl.contains("spinor-" + stamp + "-")).count();
  }

  private void cream(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String action = exchange.getRequestHeaders().getFirst("SOAPAction");
    try {
      Element request = Messages.read(body, Messages.TYPES);
      Messages.validate(request);
      String operation = request.getLocalName().replaceAll("Request$", "");
      Messages.require(
          ("\"http://glite.org/2007/11/ce/cream/" + operation + "\"").equals(action),
          "SOAPAction " + action);
      serve(exchange, operation, () -> answer(operation, request));
    } catch (Wrong e) {
      wrong.add(String.valueOf(e.getMessage()));
      send(exchange, 500, Messages.fault(""));
    }
  }

  private void delegation(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    try {
      Element request = Messages.read(body, Messages.DELEGATION);
      String operation = String.valueOf(request.getLocalName());
      serve(exchange, operation, () -> delegations.answer(operation, request));
    } catch (Wrong e) {
      wrong.add(String.valueOf(e.getMessage()));
      send(exchange, 500, Messages.fault(""));
    }
  }

  private void serve(HttpExchange exchange, String operation, Duty duty) throws IOException {
    calls.add(operation);
    ConcurrentLinkedQueue<Misbehaviour> planned = plans.get(operation);
    @Nullable Misbehaviour misbehaviour = planned == null ? null : planned.poll();
    if (misbehaviour != null) {
      misbehaviour.with(exchange, duty);
      exchange.close();
      return;
    }
    String answer = duty.answer();
    send(exchange, answer.contains(":Fault>") ? 500 : 200, answer);
  }

  static void send(HttpExchange exchange, int code, String answer) throws IOException {
    byte[] text = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/xml; charset=UTF-8");
    exchange.sendResponseHeaders(code, text.length == 0 ? -1 : text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  private String answer(String operation, Element request) {
    List<String> ids =
        Xml.children(request, "jobId").stream().map(job -> Xml.text(job, "id")).toList();
    return switch (operation) {
      case "JobRegister" -> Messages.response("JobRegisterResponse", register(request));
      case "JobList" ->
          Messages.response(
              "JobListResponse", each(List.copyOf(jobs.keySet()), id -> tagged("result", id(id))));
      case "JobInfo" -> Messages.response("JobInfoResponse", each(ids, this::info));
      case "JobStart" -> {
        // CREAM's compound commands run beside others: two could start a job twice.
        Messages.require(ids.size() == 1, "JobStart for several jobs");
        yield order("JobStart", ids, List.of("REGISTERED"), this::start);
      }
      case "JobCancel" ->
          order(
              "JobCancel",
              ids,
              List.of("REGISTERED", "IDLE", "HELD", "RUNNING", "REALLY-RUNNING"),
              TestJob::cancel);
      case "JobPurge" ->
          order(
              "JobPurge",
              ids,
              List.of("REGISTERED", "ABORTED", "CANCELLED", "DONE-OK", "DONE-FAILED"),
              this::purge);
      default -> throw new Wrong("operation " + operation);
    };
  }

  private interface Part {
    String of(String id);
  }

  private interface Order {
    void to(TestJob job);
  }

  private static String each(List<String> ids, Part part) {
    StringBuilder all = new StringBuilder();
    ids.forEach(id -> all.append(part.of(id)));
    return all.toString();
  }

  private static String tagged(String name, String content) {
    return "<t:" + name + ">" + content + "</t:" + name + ">";
  }

  private String id(String id) {
    return tagged("id", Xml.escaped(id))
        + tagged("creamURL", endpoint() + "/ce-cream/services/CREAM2");
  }

  private synchronized String register(Element request) {
    StringBuilder results = new StringBuilder();
    for (Element one : Xml.children(request, "jobDescriptionList")) {
      String key = one.getAttribute("jobDescriptionId");
      String jdl = Xml.text(one, "JDL");
      String delegation = Xml.text(one, "delegationId");
      String result;
      if (!delegations.has(delegation)) {
        result =
            Messages.creamFault("DelegationIdMismatchFault", "delegation not found", delegation);
      } else if (jdl.contains("QueueName = \"nosuch\"")) {
        result = Messages.creamFault("GenericFault", "system error", "queue not supported!");
      } else {
        String id = "CREAM" + numbers++;
        TestJob job = new TestJob(id, jdl, delegation, folder.resolve(id));
        Messages.require(!Xml.text(one, "autoStart").equals("true"), "autoStart");
        Messages.require(
            !job.attribute("BatchSystem").isEmpty() && !job.attribute("QueueName").isEmpty(),
            "JDL " + jdl);
        jobs.put(id, job);
        result = tagged("jobId", id(id));
      }
      results.append("<t:result jobDescriptionId=\"").append(key).append("\">").append(result);
      results.append("</t:result>");
    }
    return results.toString();
  }

  private String info(String id) {
    TestJob job = jobs.get(id);
    String content;
    if (job == null) {
      content = Messages.creamFault("JobUnknownFault", "job not found", "N/A");
    } else {
      StringBuilder history = new StringBuilder();
      List<String> states = job.states();
      for (int i = 0; i < states.size(); i++) {
        boolean last = i + 1 == states.size();
        history.append(
            tagged(
                "status",
                tagged("jobId", id(id))
                    + tagged("name", states.get(i))
                    + tagged("timestamp", "2015-01-01T00:00:00.000Z")
                    + (last ? tagged("exitCode", job.exitCode()) : "")
                    + (last ? tagged("failureReason", Xml.escaped(job.reason())) : "")));
      }
      content =
          tagged(
              "jobInfo",
              tagged("jobId", id(id))
                  + tagged("GridJobId", "N/A")
                  + tagged("LRMSJobId", "[reserved]")
                  + tagged("delegationProxyId", job.delegation)
                  + tagged("workerNode", states.contains("RUNNING") ? "wn1.example.org" : "N/A")
                  + tagged("JDL", Xml.escaped(job.jdl))
                  + history);
    }
    return "<t:result jobDescriptionId=\""
        + endpoint()
        + "/"
        + id
        + "\">"
        + content
        + "</t:result>";
  }

  private String order(String operation, List<String> ids, List<String> states, Order order) {
    return Messages.response(
        operation + "Response",
        each(
            ids,
            id -> {
              TestJob job = jobs.get(id);
              String fault = "";
              if (job == null) {
                fault = Messages.creamFault("JobUnknownFault", "job not found!", "N/A");
              } else if (!states.contains(job.state())) {
                fault = Messages.creamFault("JobStatusInvalidFault", "not compatible", "N/A");
              } else {
                Future<?> _ =
                    orders.schedule(
                        () -> {
                          if (states.contains(job.state()) && jobs.containsKey(id)) {
                            order.to(job);
                          }
                        },
                        LATER,
                        TimeUnit.MILLISECONDS);
              }
              return tagged("result", tagged("jobId", id(id)) + fault);
            }));
  }

  private void start(TestJob job) {
    started.put(job.id, job);
    job.start(delegations.proxy(job.delegation), authorities);
  }

  private void purge(TestJob job) {
    jobs.remove(job.id);
  }

  private void folder(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String name = exchange.getRequestURI().getPath().substring("/folder/".length());
    String method = exchange.getRequestMethod();
    X509Certificate shown =
        (X509Certificate) ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0];
    Messages.require(shown.getSubjectX500Principal().getName().endsWith("CN=Robot,O=Grid"), "who");
    calls.add(method);
    ConcurrentLinkedQueue<Misbehaviour> planned = plans.get(method);
    @Nullable Misbehaviour misbehaviour = planned == null ? null : planned.poll();
    if (misbehaviour != null) {
      misbehaviour.with(exchange, () -> "");
      exchange.close();
      return;
    }
    byte[] answer = new byte[0];
    int code =
        switch (method) {
          case "PUT" -> {
            files.put(name, body);
            yield 201;
          }
          case "DELETE" -> files.remove(name) == null ? 404 : 204;
          case "GET" -> {
            answer = files.getOrDefault(name, answer);
            yield files.containsKey(name) ? 200 : 404;
          }
          default -> 405;
        };
    exchange.sendResponseHeaders(code, answer.length == 0 ? -1 : answer.length);
    if (answer.length > 0) {
      exchange.getResponseBody().write(answer);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    orders.shutdownNow();
    threads.shutdownNow();
    new ArrayList<>(started.values()).forEach(TestJob::kill);
  }
}
