package org.spinor.server.configuration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.spinor.server.configuration.Configuration.ComputingElement;
import org.spinor.server.configuration.Configuration.Group;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.configuration.Configuration.JobDescription;
import org.spinor.server.configuration.Configuration.JobScheduling;
import org.spinor.server.configuration.Configuration.MachineTokens;
import org.spinor.server.configuration.Configuration.Operations;
import org.spinor.server.configuration.Configuration.Queue;
import org.spinor.server.configuration.Configuration.Resources;
import org.spinor.server.configuration.Configuration.Site;
import org.spinor.server.configuration.Configuration.Support;
import org.spinor.server.configuration.Configuration.User;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.configuration.Configuration.Volunteers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes records of a valid document. */
final class ConfigurationReader {
  private static final List<Long> CPU_SEGMENTS =
      List.of(
          360L,
          1800L,
          3600L,
          21_600L,
          43_200L,
          86_400L,
          172_800L,
          259_200L,
          345_600L,
          518_400L,
          691_200L,
          864_000L,
          1_080_000L);
  private static final String UNTRUSTED = "Untrusted";

  /** The type of elements whose machines are always strangers'. */
  private static final String BOINC = "BOINC";

  private static final int IDLE_PILOTS = 1;
  private static final int MAX_PILOTS = 100;
  private static final Set<String> OF_QUEUES =
      Set.of(
          "CEType",
          "Queues",
          "VO",
          "CPUTime",
          "NumberOfProcessors",
          "MaxRAM",
          "NumberOfGPUs",
          "WholeNode",
          "Tag",
          "RequiredTag",
          "Trust",
          "Platform",
          "IdlePilots",
          "MaxTotalPilots");

  private final ObjectNode document;

  ConfigurationReader(ObjectNode document) {
    this.document = document;
  }

  Configuration read(String revision, Instant changed) {
    ObjectNode shown = document.deepCopy();
    Secrets.hide(shown);
    return new Configuration(
        revision,
        changed,
        each(document.path("Registry"), this::vo),
        each(document.path("Operations"), this::operations),
        resources(),
        shown);
  }

  private static IdentityProvider identityProvider(JsonNode provider) {
    return new IdentityProvider(
        provider.path("URL").asString(),
        provider.path("ClientID").asString(),
        list(provider.path("Scopes")),
        provider.path("UsernameClaim").asString(),
        Optional.ofNullable(text(provider.path("GroupsClaim"))),
        each(provider.path("Groups"), (group, theirs) -> set(theirs)),
        provider.path("Tokens").isObject()
            ? Optional.of(
                machineTokens(provider.path("Tokens"), provider.path("ClientID").asString()))
            : Optional.empty());
  }

  private static MachineTokens machineTokens(JsonNode tokens, String clientId) {
    return new MachineTokens(
        Optional.ofNullable(text(tokens.path("ClientID"))).orElse(clientId),
        tokens.path("Authentication").asString(),
        tokens.path("Audience").asString(),
        each(tokens.path("AudienceScopes"), (audience, scope) -> scope.asString()),
        set(tokens.path("ExtraScopes")),
        whole(tokens, "MaxSeconds"));
  }

  private Vo vo(String name, JsonNode vo) {
    JsonNode support = vo.path("Support");
    return new Vo(
        name,
        vo.path("DefaultGroup").asString(),
        vo.path("IdP").isObject()
            ? Optional.of(identityProvider(vo.path("IdP")))
            : Optional.empty(),
        new Support(
            support.path("Message").asString(),
            text(support.path("Webpage")),
            text(support.path("Email"))),
        each(
            vo.path("Users"),
            (subject, user) ->
                new User(
                    subject,
                    user.path("PreferedUsername").asString(),
                    set(user.path("Suspended")))),
        each(
            vo.path("Groups"),
            (group, section) ->
                new Group(
                    group,
                    section.path("JobShare").asInt(),
                    set(section.path("Properties")),
                    set(section.path("Users")),
                    section.path("AllowBackgroundTQs").asBoolean())));
  }

  private Operations operations(String vo, JsonNode section) {
    JsonNode jobs = section.path("JobDescription");
    JsonNode services = section.path("Services");
    JsonNode scheduling = section.path("JobScheduling");
    Limits limits = new Limits(document.path("Resources").path("Sites"), new ArrayList<>());
    List<Long> segments = new ArrayList<>();
    scheduling.path("taskQueueCPUTimeIntervals").forEach(each -> segments.add(each.asLong()));
    return new Operations(
        new JobDescription(
            whole(jobs, "DefaultCPUTime"),
            whole(jobs, "MinCPUTime"),
            whole(jobs, "MaxCPUTime"),
            whole(jobs, "DefaultPriority"),
            whole(jobs, "MinPriority"),
            whole(jobs, "MaxPriority"),
            whole(jobs, "MaxInputData"),
            set(jobs.path("AllowedJobTypes")),
            whole(jobs, "MaxJobsPerCall"),
            whole(jobs, "MaxNumberOfProcessors"),
            jobs.path("ContainerImage").asString("")),
        new JobScheduling(
            whole(services.path("JobScheduling"), "MaxRescheduling"),
            whole(scheduling, "MaxInfrastructureFailures"),
            whole(scheduling, "HeartbeatSeconds"),
            services.path("JobScheduling").path("EnableSharesCorrection").asBoolean(),
            List.copyOf(limits.runningLimits("", scheduling)),
            List.copyOf(limits.matchingDelays("", scheduling)),
            segments.isEmpty() ? CPU_SEGMENTS : List.copyOf(segments)),
        volunteers(scheduling.path("Volunteers")),
        services.path("JobMonitoring").path("GlobalJobsInfo").asBoolean(),
        section.path("InputDataPolicy").path("InputDataModule").asString(),
        section.path("SoftwareDistModule").asString());
  }

  private static Volunteers volunteers(JsonNode section) {
    Map<String, String> parameters = new LinkedHashMap<>();
    section
        .path("Parameters")
        .properties()
        .forEach(entry -> parameters.put(entry.getKey(), entry.getValue().asString()));
    return new Volunteers(section.path("Validator").asString(), parameters);
  }

  private Resources resources() {
    JsonNode resources = document.path("Resources");
    return new Resources(
        each(
            resources.path("Computing").path("OSCompatibility"),
            (platform, others) -> {
              Set<String> all = new LinkedHashSet<>(set(others));
              all.add(platform);
              return Collections.unmodifiableSet(all);
            }),
        each(
            resources.path("Sites"),
            (site, section) ->
                new Site(site, each(section.path("CEs"), (name, ce) -> element(site, name, ce)))));
  }

  private ComputingElement element(String site, String name, JsonNode section) {
    Map<String, String> parameters = parameters(section);
    return new ComputingElement(
        site,
        name,
        section.path("CEType").asString(),
        parameters,
        each(
            section.path("Queues"),
            (queueName, queue) -> queue(site, name, queueName, section, queue)));
  }

  private static Queue queue(
      String site, String ceName, String name, JsonNode ce, JsonNode section) {
    Map<String, String> parameters = new LinkedHashMap<>(parameters(ce));
    parameters.putAll(parameters(section));
    return new Queue(
        site,
        ceName,
        name,
        ce.path("CEType").asString(),
        set(either(section, ce, "VO")),
        either(section, ce, "CPUTime").asLong(),
        either(section, ce, "NumberOfProcessors").asInt(0),
        either(section, ce, "MaxRAM").asLong(0),
        either(section, ce, "NumberOfGPUs").asInt(0),
        either(section, ce, "WholeNode").asBoolean(false),
        List.copyOf(list(either(section, ce, "Tag"))),
        requiredTags(ce, section),
        List.copyOf(list(either(section, ce, "Platform"))),
        either(section, ce, "IdlePilots").asInt(IDLE_PILOTS),
        either(section, ce, "MaxTotalPilots").asInt(MAX_PILOTS),
        Collections.unmodifiableMap(parameters));
  }

  /** An untrusted queue is one that requires the mark which jobs for volunteers carry. */
  private static List<String> requiredTags(JsonNode ce, JsonNode section) {
    Set<String> tags = new LinkedHashSet<>(list(either(section, ce, "RequiredTag")));
    boolean strangers =
        ce.path("CEType").asString().equals(BOINC)
            || either(section, ce, "Trust").asString("").equals(UNTRUSTED);
    if (strangers) {
      tags.add(Configuration.VOLUNTEERS);
    }
    return List.copyOf(tags);
  }

  private static JsonNode either(JsonNode queue, JsonNode ce, String name) {
    JsonNode own = queue.path(name);
    return own.isNull() || own.isMissingNode() ? ce.path(name) : own;
  }

  private static Map<String, String> parameters(JsonNode section) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : section.properties()) {
      if (!OF_QUEUES.contains(entry.getKey()) && entry.getValue().isString()) {
        parameters.put(entry.getKey(), entry.getValue().asString());
      }
    }
    return Collections.unmodifiableMap(parameters);
  }

  private static <T> SortedMap<String, T> each(
      JsonNode section, BiFunction<String, JsonNode, T> making) {
    SortedMap<String, T> all = new TreeMap<>();
    section
        .properties()
        .forEach(entry -> all.put(entry.getKey(), making.apply(entry.getKey(), entry.getValue())));
    return Collections.unmodifiableSortedMap(all);
  }

  private static int whole(JsonNode section, String name) {
    return (int) Math.min(Integer.MAX_VALUE, section.path(name).asLong());
  }

  private static @Nullable String text(JsonNode node) {
    return node.isString() ? node.asString() : null;
  }

  private static Set<String> set(JsonNode node) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(list(node)));
  }

  private static List<String> list(JsonNode node) {
    List<String> all = new ArrayList<>();
    node.forEach(item -> all.add(item.asString()));
    return all;
  }
}
