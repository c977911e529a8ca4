package org.spinor.plugins.computing.cream.ws;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.HttpsService;
import org.spinor.plugins.grid.Xml;
import org.spinor.spi.TemporaryException;
import org.w3c.dom.Element;

/**
 * The operations of {@code CREAM2} that pilots need. Whatever it can be is for many jobs in one
 * request.
 */
public final class CreamPort {
  /** Where the service is, behind host and port. */
  public static final String PATH = "/ce-cream/services/CREAM2";

  static final String TYPES = "http://glite.org/2007/11/ce/cream/types";
  static final String ACTIONS = "http://glite.org/2007/11/ce/cream/";

  /** Jobs in one request. */
  private static final int AT_ONCE = 200;

  private final Soap soap;
  private final String address;
  private final String title;

  /**
   * @param endpoint as {@code https://ce.example.org:8443}
   */
  public CreamPort(HttpsService http, URI endpoint) {
    this.soap = new Soap(http, PATH, TYPES, ACTIONS);
    this.address = endpoint + PATH;
    this.title = http.title();
  }

  private Element call(String operation, String content, Deadline deadline) {
    try {
      return soap.call(operation, operation + "Request", content, deadline);
    } catch (SoapFault fault) {
      throw fault.told();
    }
  }

  /**
   * Describes jobs; none of them starts.
   *
   * @return an answer for each, in their order
   * @throws SoapFault the service takes none of them
   */
  public List<Registration> register(
      List<Registration.Description> descriptions, Deadline deadline) {
    StringBuilder content = new StringBuilder();
    for (Registration.Description one : descriptions) {
      content
          .append("<m:jobDescriptionList jobDescriptionId=\"")
          .append(Xml.escaped(one.key()))
          .append("\"><m:JDL>")
          .append(Xml.escaped(one.jdl()))
          .append("</m:JDL><m:delegationId>")
          .append(Xml.escaped(one.delegation()))
          .append("</m:delegationId><m:autoStart>false</m:autoStart></m:jobDescriptionList>");
    }
    Element answer = soap.call("JobRegister", "JobRegisterRequest", content.toString(), deadline);
    List<Element> results = Xml.children(answer, "result");
    if (results.size() != descriptions.size()) {
      throw new TemporaryException(
          title + " answers for " + results.size() + " jobs of " + descriptions.size());
    }
    Map<String, Registration> byKey = new LinkedHashMap<>();
    for (int i = 0; i < results.size(); i++) {
      String key = key(results.get(i));
      // Without a key the order tells whose answer it is.
      byKey.put(key.isEmpty() ? descriptions.get(i).key() : key, registration(results.get(i)));
    }
    List<Registration> registrations = new ArrayList<>();
    for (Registration.Description one : descriptions) {
      Registration registration = byKey.get(one.key());
      if (registration == null) {
        throw new TemporaryException(title + " leaves out " + one.key() + " in its answer");
      }
      registrations.add(registration);
    }
    return registrations;
  }

  private static String key(Element result) {
    String attribute = result.getAttribute("jobDescriptionId").strip();
    return attribute.isEmpty() ? Xml.text(result, "jobDescriptionId") : attribute;
  }

  private static Registration registration(Element result) {
    Optional<Element> fault = fault(result);
    if (fault.isPresent()) {
      return new Registration.Failed(
          String.valueOf(fault.get().getLocalName()), SoapFault.words(fault.get()));
    }
    String id =
        Xml.children(result, "jobId").stream()
            .map(job -> Xml.text(job, "id"))
            .findFirst()
            .orElse("");
    return isId(id)
        ? new Registration.Done(id)
        : new Registration.Failed("", "CREAM gives no number of a job: '" + id + "'");
  }

  private static boolean isId(String id) {
    return id.matches("[A-Za-z0-9_.-]{1,100}");
  }

  private static Optional<Element> fault(Element result) {
    for (var node = result.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element
          && String.valueOf(element.getLocalName()).endsWith("Fault")) {
        return Optional.of(element);
      }
    }
    return Optional.empty();
  }

  /** Numbers of all jobs of the account. */
  public List<String> list(Deadline deadline) {
    return Xml.children(call("JobList", "", deadline), "result").stream()
        .map(job -> Xml.text(job, "id"))
        .filter(id -> !id.isEmpty())
        .toList();
  }

  /** What CREAM knows of jobs; it may leave some out. */
  public Map<String, Answer> info(Collection<String> ids, Deadline deadline) {
    Map<String, Answer> answers = new LinkedHashMap<>();
    for (List<String> some : portions(ids)) {
      for (Element result : Xml.children(call("JobInfo", filter(some), deadline), "result")) {
        Optional<Element> info = Xml.children(result, "jobInfo").stream().findFirst();
        if (info.isPresent()) {
          Job job = job(info.get());
          answers.put(job.id(), new Answer.Known(job));
        } else {
          String key = key(result);
          fault(result)
              .ifPresent(fault -> answers.put(key.substring(key.lastIndexOf('/') + 1), of(fault)));
        }
      }
    }
    return answers;
  }

  private static Job job(Element info) {
    String id =
        Xml.children(info, "jobId").stream().map(job -> Xml.text(job, "id")).findFirst().orElse("");
    List<Element> history = Xml.children(info, "status");
    String word = history.isEmpty() ? "" : Xml.text(history.getLast(), "name");
    String code = history.isEmpty() ? "" : Xml.text(history.getLast(), "exitCode");
    String reason = history.isEmpty() ? "" : told(history.getLast(), "failureReason");
    return new Job(
        id,
        CreamState.named(word),
        word,
        reason,
        // W: CREAM does not know it yet
        code.matches("\\d{1,5}") ? OptionalInt.of(Integer.parseInt(code)) : OptionalInt.empty(),
        Optional.of(told(info, "workerNode")).filter(host -> !host.isEmpty()),
        Xml.text(info, "JDL"),
        told(info, "delegationProxyId"));
  }

  private static String told(Element parent, String name) {
    String text = Xml.text(parent, name).replaceAll("\\s+", " ");
    return text.equals("N/A") || text.equals("[reserved]") ? "" : text;
  }

  /**
   * Starts a job. One in a request: CREAM carries out orders for a single job one after the other,
   * but an order for many beside others, and then two of them may start the same job twice.
   */
  public Answer start(String id, Deadline deadline) {
    return order("JobStart", List.of(id), deadline).getOrDefault(id, leftOut());
  }

  /** Ends jobs. */
  public Map<String, Answer> cancel(Collection<String> ids, Deadline deadline) {
    return order("JobCancel", ids, deadline);
  }

  /** Forgets jobs that have ended. */
  public Map<String, Answer> purge(Collection<String> ids, Deadline deadline) {
    return order("JobPurge", ids, deadline);
  }

  /** Forgets a job that never started; alone in its request for the same reason as a start. */
  public Answer drop(String id, Deadline deadline) {
    return order("JobPurge", List.of(id), deadline).getOrDefault(id, leftOut());
  }

  private Map<String, Answer> order(String operation, Collection<String> ids, Deadline deadline) {
    Map<String, Answer> answers = new LinkedHashMap<>();
    for (List<String> some : portions(ids)) {
      for (Element result : Xml.children(call(operation, filter(some), deadline), "result")) {
        String id =
            Xml.children(result, "jobId").stream()
                .map(job -> Xml.text(job, "id"))
                .findFirst()
                .orElse("");
        answers.put(id, fault(result).map(CreamPort::of).orElseGet(Answer.Taken::new));
      }
    }
    return answers;
  }

  private static Answer leftOut() {
    return new Answer.Failed("", "CREAM left it out of its answer");
  }

  private static Answer of(Element fault) {
    String name = String.valueOf(fault.getLocalName());
    return switch (name) {
      case "JobUnknownFault" -> new Answer.Unknown();
      case "JobStatusInvalidFault" -> new Answer.WrongState();
      default -> new Answer.Failed(name, SoapFault.words(fault));
    };
  }

  private String filter(List<String> ids) {
    StringBuilder content = new StringBuilder();
    for (String id : ids) {
      content
          .append("<m:jobId><m:id>")
          .append(Xml.escaped(id))
          .append("</m:id><m:creamURL>")
          .append(Xml.escaped(address))
          .append("</m:creamURL></m:jobId>");
    }
    return content.toString();
  }

  private static List<List<String>> portions(Collection<String> ids) {
    List<String> all = List.copyOf(ids);
    List<List<String>> portions = new ArrayList<>();
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      portions.add(all.subList(from, Math.min(all.size(), from + AT_ONCE)));
    }
    return portions;
  }
}
