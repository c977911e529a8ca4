package org.spinor.server.provisioning.cycle;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.spinor.api.SiteInfo;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.identity.Caller;
import org.spinor.server.pilots.Pilots;
import org.spinor.server.provisioning.elements.Elements;
import org.spinor.server.provisioning.queues.QueueState;
import org.spinor.server.provisioning.queues.QueueStates;
import org.spinor.server.resources.SiteStatuses;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sites as operators see them: status, pilots, breakers. */
@RestController
@RequestMapping("/api/sites")
final class SitesController {
  private final Configurations configurations;
  private final SiteStatuses statuses;
  private final Pilots pilots;
  private final QueueStates states;
  private final DemandBell bell;

  SitesController(
      Configurations configurations,
      SiteStatuses statuses,
      Pilots pilots,
      QueueStates states,
      DemandBell bell) {
    this.configurations = configurations;
    this.statuses = statuses;
    this.pilots = pilots;
    this.states = states;
    this.bell = bell;
  }

  /** Why a site is banned or allowed. */
  record Decision(@JsonProperty("reason") @Nullable String reason) {}

  @GetMapping
  List<SiteInfo> list() {
    Present present = present();
    return configurations.current().resources().sites().values().stream()
        .map(site -> info(site, present))
        .toList();
  }

  @PostMapping("/{name}/ban")
  SiteInfo ban(Caller caller, @PathVariable String name, @RequestBody Decision decision) {
    return decide(caller, name, false, decision);
  }

  @PostMapping("/{name}/allow")
  SiteInfo allow(Caller caller, @PathVariable String name, @RequestBody Decision decision) {
    return decide(caller, name, true, decision);
  }

  private SiteInfo decide(Caller caller, String name, boolean active, Decision decision) {
    statuses.decide(
        name, active, Objects.requireNonNullElse(decision.reason(), ""), caller.username());
    bell.ring();
    Configuration.Site site = configurations.current().resources().sites().get(name);
    return info(Objects.requireNonNull(site), present());
  }

  /** Pilots and states of all queues, and sites of which nobody is heard, at one moment. */
  private record Present(
      Map<Pilots.Queue, List<Pilots.Population>> pilots,
      Map<Pilots.Queue, QueueState> states,
      Map<String, Instant> silentSites) {}

  private Present present() {
    Map<Pilots.Queue, List<Pilots.Population>> populations = new HashMap<>();
    pilots
        .populations()
        .forEach(
            population ->
                populations
                    .computeIfAbsent(population.queue(), _ -> new ArrayList<>())
                    .add(population));
    return new Present(populations, states.all(), pilots.silentSites());
  }

  private SiteInfo info(Configuration.Site site, Present present) {
    SiteStatuses.SiteStatus status = statuses.of(site.name());
    @Nullable String changedBy = status.changedBy().orElse(null);
    @Nullable Instant changedAt = status.changedAt().orElse(null);
    @Nullable Instant silentSince = present.silentSites().get(site.name());
    return new SiteInfo(
        site.name(),
        status.active() ? "Active" : "Banned",
        status.reason(),
        changedBy,
        changedAt,
        silentSince,
        site.computingElements().values().stream()
            .map(
                element ->
                    new SiteInfo.ComputingElement(
                        element.name(),
                        element.type(),
                        element.queues().values().stream()
                            .map(queue -> info(queue, present))
                            .toList()))
            .toList());
  }

  private static SiteInfo.Queue info(Configuration.Queue queue, Present present) {
    Pilots.Queue key = Elements.key(queue);
    QueueState state = present.states().getOrDefault(key, QueueState.fresh(key));
    long waiting = 0;
    long running = 0;
    for (Pilots.Population population : present.pilots().getOrDefault(key, List.of())) {
      waiting += population.unsent() + population.waiting() + population.unknown();
      running += population.running();
    }
    @Nullable String error = state.lastError().orElse(null);
    return new SiteInfo.Queue(queue.name(), waiting, running, state.breaker().wire(), error);
  }
}
