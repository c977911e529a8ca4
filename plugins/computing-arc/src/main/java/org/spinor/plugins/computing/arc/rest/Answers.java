package org.spinor.plugins.computing.arc.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.spinor.plugins.computing.arc.rest.JobItem.Facts;
import org.spinor.plugins.grid.Xml;
import org.spinor.spi.TemporaryException;
import org.w3c.dom.Element;

/** Reads the service's answers. What is no such answer is a {@link TemporaryException}. */
final class Answers {
  /** GLUE2 has numbers like these where nobody knows. */
  private static final int UNLIMITED = 99_999_999;

  private static final String REST_STATE = "arcrest:";

  private Answers() {}

  static List<String> versions(byte[] answer) {
    return Xml.children(Xml.parse(answer, "versions"), "version").stream()
        .map(version -> version.getTextContent().strip())
        .toList();
  }

  /** States by number; empty texts where the list has none. */
  static Map<String, String> list(byte[] answer) {
    Map<String, String> states = new LinkedHashMap<>();
    for (Element job : Xml.children(Xml.parse(answer, "jobs"), "job")) {
      String id = Xml.text(job, "id");
      if (!id.isEmpty()) {
        states.put(id, Xml.text(job, "state"));
      }
    }
    return states;
  }

  static List<JobItem> items(byte[] answer) {
    List<JobItem> items = new ArrayList<>();
    for (Element job : Xml.children(Xml.parse(answer, "jobs"), "job")) {
      Facts facts = facts(job);
      items.add(
          new JobItem(
              number(Xml.text(job, "status-code")).orElse(0),
              Xml.text(job, "reason"),
              Xml.text(job, "id"),
              ArcState.named(Xml.text(job, "state")).or(() -> stateOf(job)),
              facts,
              Xml.children(job, "delegation_id").stream()
                  .map(id -> id.getTextContent().strip())
                  .toList()));
    }
    return items;
  }

  private static Facts facts(Element job) {
    return activity(job)
        .map(
            activity ->
                new Facts(
                    Xml.text(activity, "Name"),
                    Xml.text(activity, "ExecutionNode"),
                    Xml.text(activity, "ExitCode"),
                    Xml.text(activity, "Error")))
        .orElse(Facts.NONE);
  }

  private static Optional<ArcState> stateOf(Element job) {
    return activity(job).stream()
        .flatMap(activity -> Xml.children(activity, "State").stream())
        .map(state -> state.getTextContent().strip())
        .filter(state -> state.startsWith(REST_STATE))
        .flatMap(state -> ArcState.named(state.substring(REST_STATE.length())).stream())
        .findFirst();
  }

  private static Optional<Element> activity(Element job) {
    return Xml.children(job, "info_document").stream()
        .flatMap(document -> Xml.children(document, "ComputingActivity").stream())
        .findFirst();
  }

  /** Delegations with their type; empty where the version tells none. */
  static Map<String, String> delegations(byte[] answer) {
    Map<String, String> types = new LinkedHashMap<>();
    for (Element one : Xml.children(Xml.parse(answer, "delegations"), "delegation")) {
      String id = Xml.text(one, "id");
      if (!id.isEmpty()) {
        types.put(id, Xml.text(one, "type"));
      }
    }
    return types;
  }

  static Optional<Share> share(byte[] answer, String queue) {
    Element all = Xml.parse(answer, "InfoRoot", "Domains");
    return Xml.descendants(all, "ComputingShare").stream()
        .filter(share -> queue.isEmpty() || isOf(share, queue))
        .findFirst()
        .map(
            share ->
                new Share(
                    sum(share, "WaitingJobs", "PreLRMSWaitingJobs"),
                    count(share, "RunningJobs"),
                    count(share, "FreeSlots")));
  }

  private static boolean isOf(Element share, String queue) {
    return Xml.text(share, "MappingQueue").equals(queue) || Xml.text(share, "Name").equals(queue);
  }

  private static OptionalInt sum(Element share, String... names) {
    int sum = 0;
    boolean any = false;
    for (String name : names) {
      OptionalInt count = count(share, name);
      any |= count.isPresent();
      sum += count.orElse(0);
    }
    return any ? OptionalInt.of(sum) : OptionalInt.empty();
  }

  private static OptionalInt count(Element share, String name) {
    OptionalInt number = number(Xml.text(share, name));
    return number.isPresent() && number.getAsInt() >= UNLIMITED ? OptionalInt.empty() : number;
  }

  private static OptionalInt number(String text) {
    return text.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }
}
