package org.spinor.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.spinor.server.configuration.Configuration.IdentityProvider;
import org.spinor.server.configuration.Configuration.MachineTokens;
import org.spinor.server.configuration.Configuration.MatchingDelay;
import org.spinor.server.configuration.Configuration.Queue;
import org.spinor.server.configuration.Configuration.RunningLimit;
import tools.jackson.databind.JsonNode;

class DraftTest {
  private static final String SMALL =
      """
      Registry:
        lhcb:
          DefaultGroup: user
          Users:
            75212b23: {PreferedUsername: ada}
          Groups:
            user:
              Properties: [NormalUser]
              Users: [75212b23]
      """;

  @Test
  void theFirstConfigurationIsValid() throws IOException {
    try (InputStream first = DraftTest.class.getResourceAsStream("default.yml")) {
      String text = new String(first.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(Draft.of(text).problems()).isEmpty();
      Configuration configuration = configuration(text);
      assertThat(the(the(configuration.registry(), "spinor").users(), "admin").preferredUsername())
          .isEqualTo("admin");
      Queue queue = the(queues(configuration, "LOCAL.Host.here", "localhost"), "default");
      assertThat(queue.ceType()).isEqualTo("Local");
      assertThat(queue.cpuTime()).isGreaterThan(500_000);
    }
  }

  @Test
  void writesOutEveryDefaultAsDiracXDoes() {
    JsonNode document = configuration(SMALL).document();
    assertThat(document.propertyNames())
        .containsExactly(
            "DIRAC",
            "Operations",
            "Registry",
            "Resources",
            "LocalSite",
            "LogLevel",
            "MCTestingDestination",
            "Systems",
            "WebApp");
    JsonNode operations = document.path("Operations").path("lhcb");
    assertThat(operations.path("JobDescription").path("MaxCPUTime").asInt()).isEqualTo(500_000);
    assertThat(operations.path("InputDataPolicy").path("Protocols").toString())
        .isEqualTo("{\"Remote\":[],\"Local\":[]}");
    assertThat(operations.path("Shifter").isNull()).isTrue();
    JsonNode vo = document.path("Registry").path("lhcb");
    assertThat(vo.path("IdP").isNull()).isTrue();
    assertThat(vo.path("Support").toString())
        .isEqualTo(
            "{\"Email\":null,\"Webpage\":null,\"Message\":\"Please contact system administrator\"}");
    assertThat(vo.path("Users").path("75212b23").toString())
        .isEqualTo(
            "{\"PreferedUsername\":\"ada\",\"DNs\":[],\"Email\":null,\"Suspended\":[],\"Quota\":null}");
    assertThat(vo.path("Groups").path("user").path("JobShare").asInt()).isEqualTo(1000);
    assertThat(document.path("LogLevel").isNull()).isTrue();
  }

  @Test
  void identityProviderSaysHowMachinesGetTokens() {
    String text =
        """
        Registry:
          lhcb:
            IdP: {URL: "https://iam.example.org/", ClientID: spinor, Tokens: {}}
            DefaultGroup: user
            Users: {}
            Groups: {user: {Properties: [NormalUser], Users: []}}
        """;
    assertThat(
            the(configuration(text).registry(), "lhcb").identityProvider().orElseThrow().tokens())
        .contains(
            new MachineTokens(
                "spinor", "client_secret_basic", "audience", new TreeMap<>(), Set.of(), 21_600));
    String full =
        """
        {ClientID: m, Authentication: private_key_jwt, Audience: none, AudienceScopes: {"https://ce:443": ce},
         ExtraScopes: ["condor:/READ"], MaxSeconds: 600}
        """;
    assertThat(
            the(configuration(text.replace("{}}", full + "}")).registry(), "lhcb")
                .identityProvider()
                .orElseThrow()
                .tokens())
        .contains(
            new MachineTokens(
                "m",
                "private_key_jwt",
                "none",
                new TreeMap<>(Map.of("https://ce:443", "ce")),
                Set.of("condor:/READ"),
                600));
    assertThat(
            Draft.of(text.replace("{}}", "{Authentication: tls, Audience: x, MaxSeconds: 1}}"))
                .problems())
        .anyMatch(problem -> problem.contains("IdP.Tokens.Authentication: expected one of"))
        .anyMatch(problem -> problem.contains("IdP.Tokens.Audience: expected one of audience"))
        .anyMatch(problem -> problem.contains("IdP.Tokens.MaxSeconds"));
  }

  @Test
  void identityProviderSaysWhoIsAdmitted() {
    String text =
        """
        Registry:
          lhcb:
            IdP: {URL: "https://iam.example.org/", ClientID: spinor}
            DefaultGroup: user
            Users: {}
            Groups: {user: {Properties: [NormalUser], Users: []}}
        """;
    IdentityProvider plain =
        the(configuration(text).registry(), "lhcb").identityProvider().orElseThrow();
    assertThat(plain)
        .isEqualTo(
            new IdentityProvider(
                "https://iam.example.org/",
                "spinor",
                List.of("openid", "profile"),
                "preferred_username",
                Optional.empty(),
                new TreeMap<>(),
                Optional.empty()));
    assertThat(plain.isIssuer("https://iam.example.org")).isTrue();
    assertThat(plain.isIssuer("https://iam.example.org.evil.org")).isFalse();
    IdentityProvider admitting =
        the(
                configuration(
                        text.replace(
                            "ClientID: spinor",
                            "ClientID: spinor, GroupsClaim: wlcg.groups, Groups: {user: [/a, /b]}"))
                    .registry(),
                "lhcb")
            .identityProvider()
            .orElseThrow();
    assertThat(admitting.groupsClaim()).contains("wlcg.groups");
    assertThat(the(admitting.groups(), "user")).containsExactly("/a", "/b");
    assertThat(
            Draft.of(
                    text.replace(
                        "ClientID: spinor", "ClientID: spinor, Scopes: [x], Groups: {usr: [/a]}"))
                .problems())
        .anyMatch(problem -> problem.startsWith("Registry.lhcb.IdP.Scopes: openid must be"))
        .anyMatch(
            problem -> problem.startsWith("Registry.lhcb.IdP.Groups") && problem.contains("user"));
  }

  @Test
  void reportsAllProblemsWithTheirPaths() {
    List<String> problems =
        Draft.of(
                """
                Registry:
                  lhcb:
                    DefaultGroup: usr
                    DefaultProxyLifetime: 5
                    Users:
                      ada: {PreferedUsername: ada}
                      bob: {PreferedUsername: ada}
                      eve: {}
                    Groups:
                      user:
                        JobShare: many
                        Properties: [NormalUsr]
                        Users: [ada, carl]
                Operations:
                  lhbc: {}
                  Defaults:
                    JobDescription: {MinCPUTime: 200, MaxCPUTime: 100}
                    JobScheduling:
                      HeartbeatSecond: 10
                      RunningLimit:
                        LCG.CRN.ch: {JobType: {Merge: 5}}
                        LCG.CERN.ch:
                          JobTyp: {Merge: 5}
                          JobGroup: {a: few}
                          CEs: {ce2: {JobType: {Merge: 1}}}
                      taskQueueCPUTimeIntervals: [100, 50]
                Resources:
                  Sites:
                    LCG.CERN.ch:
                      CEs:
                        ce1:
                          CEType: Local
                          IdelPilots: 5
                          Queues:
                            long: {VO: lhbc, Platform: [el9]}
                            short: {CPUTime: many}
                        ce3: {Queues: {}}
                    CERN: {}
                """)
            .problems();
    assertThat(problems)
        .containsExactlyInAnyOrder(
            "Registry.lhcb.DefaultGroup: no group of lhcb is called 'usr'; did you mean user?",
            "Registry.lhcb.DefaultProxyLifetime: unknown key; did you mean DefaultProxyLifeTime? (line 4)",
            "Registry.lhcb.Users.bob.PreferedUsername: 'ada' is the name of user ada already",
            "Registry.lhcb.Users.eve.PreferedUsername: missing; expected a name of letters, digits, '_', '.' and '-' (section of line 8)",
            "Registry.lhcb.Groups.user.JobShare: expected a whole number from 0 to 2147483647, got 'many' (line 11)",
            "Registry.lhcb.Groups.user.Properties: unknown property 'NormalUsr'; did you mean NormalUser?",
            "Registry.lhcb.Groups.user.Users: no user of lhcb is called 'carl'",
            "Operations.lhbc: no VO of Registry is called so; did you mean lhcb? (line 15)",
            "Operations.lhcb.JobDescription.DefaultCPUTime: expected a number from MinCPUTime (200) to MaxCPUTime (100), got 86400",
            "Operations.Defaults.JobScheduling.HeartbeatSecond: unknown key; did you mean HeartbeatSeconds? (line 19)",
            "Operations.lhcb.JobScheduling.RunningLimit.LCG.CRN.ch: no site of Resources.Sites is called so; did you mean LCG.CERN.ch?",
            "Operations.lhcb.JobScheduling.RunningLimit.LCG.CERN.ch.JobTyp: expected one of JobType, JobGroup, Owner, OwnerGroup, Platform, Tag, Site; did you mean JobType?",
            "Operations.lhcb.JobScheduling.RunningLimit.LCG.CERN.ch.JobGroup.a: expected a whole number, at least 0, got \"few\"",
            "Operations.lhcb.JobScheduling.RunningLimit.LCG.CERN.ch.CEs.ce2: no computing element of LCG.CERN.ch is called so; did you mean ce1?",
            "Operations.lhcb.JobScheduling.taskQueueCPUTimeIntervals: expected increasing numbers, got 50 after 100",
            "Resources.Sites.LCG.CERN.ch.CEs.ce1.IdelPilots: unknown key; did you mean IdlePilots? (line 33)",
            "Resources.Sites.LCG.CERN.ch.CEs.ce1.Queues.long.VO: no VO of Registry is called 'lhbc'; did you mean lhcb?",
            "Resources.Sites.LCG.CERN.ch.CEs.ce1.Queues.long.Platform: no platform of Resources.Computing.OSCompatibility is called 'el9'",
            "Resources.Sites.LCG.CERN.ch.CEs.ce1.Queues.long.CPUTime: missing; expected normalised seconds, here or for the element",
            "Resources.Sites.LCG.CERN.ch.CEs.ce1.Queues.short.CPUTime: expected a whole number, at least 1, got 'many' (line 36)",
            "Resources.Sites.LCG.CERN.ch.CEs.ce3.CEType: missing; expected a name of letters, digits, '_', '.' and '-' (section of line 37)",
            "Resources.Sites.LCG.CERN.ch.CEs.ce3.Queues: at least one queue is needed",
            "Resources.Sites.CERN: expected a site's name as LCG.CERN.ch: grid, name, country (line 38)");
  }

  @Test
  void defaultsOfOperationsReachEachVoUnderItsOwnWords() {
    Configuration configuration =
        configuration(
            SMALL
                + """
                Operations:
                  Defaults:
                    JobDescription: {MaxCPUTime: 700000, AllowedJobTypes: [User, MC]}
                    Services: {JobScheduling: {MaxRescheduling: 7}}
                  lhcb:
                    JobDescription: {AllowedJobTypes: [Analysis]}
                """);
    assertThat(configuration.operations()).containsOnlyKeys("lhcb");
    Configuration.Operations operations = the(configuration.operations(), "lhcb");
    assertThat(operations.jobDescription().maxCpuTime()).isEqualTo(700_000);
    assertThat(operations.jobDescription().allowedJobTypes()).containsExactly("Analysis");
    assertThat(operations.jobScheduling().maxRescheduling()).isEqualTo(7);
    assertThat(configuration.document().path("Operations").has("Defaults")).isFalse();
  }

  @Test
  void queuesTakeFromTheirElementWhatTheyDoNotSay() {
    Configuration configuration =
        configuration(
            SMALL
                + """
                Resources:
                  Computing:
                    OSCompatibility: {el9: [el7, el8]}
                  Sites:
                    LCG.CERN.ch:
                      CEs:
                        ce1.cern.ch:
                          CEType: SSH
                          SSHHost: login.cern.ch
                          SSHPassword: very-private
                          CPUTime: 100000
                          NumberOfProcessors: 8
                          Tag: [GPU, "Cloud"]
                          Platform: el9
                          Queues:
                            short: {CPUTime: 5000, MaxWaitingJobs: 7, Account: "a1"}
                            long: {VO: lhcb, MaxRAM: 4000, WholeNode: yes, NumberOfProcessors: 0x10}
                """);
    Map<String, Queue> queues = queues(configuration, "LCG.CERN.ch", "ce1.cern.ch");
    Queue small = the(queues, "short");
    Queue large = the(queues, "long");
    assertThat(small.cpuTime()).isEqualTo(5000);
    assertThat(small.cores()).isEqualTo(8);
    assertThat(small.idlePilots()).isEqualTo(7);
    assertThat(small.maxPilots()).isEqualTo(100);
    assertThat(small.tags()).containsExactly("GPU", "Cloud");
    assertThat(small.parameters())
        .containsEntry("SSHHost", "login.cern.ch")
        .containsEntry("SSHPassword", "very-private")
        .containsEntry("Account", "a1")
        .hasSize(3);
    assertThat(large.vos()).containsExactly("lhcb");
    assertThat(large.memoryMb()).isEqualTo(4000);
    assertThat(large.wholeNode()).isTrue();
    assertThat(large.cores()).isEqualTo(16);
    assertThat(large.platforms()).containsExactly("el9");
    assertThat(configuration.resources().osCompatibility().get("el9"))
        .isEqualTo(Set.of("el7", "el8", "el9"));
    assertThat(configuration.document().toString()).doesNotContain("very-private");
  }

  @Test
  void queuesOfStrangersRequireTheMarkOfJobsForVolunteers() {
    Configuration configuration =
        configuration(
            SMALL
                + """
                Operations:
                  lhcb:
                    JobScheduling:
                      Volunteers: {Validator: Checks, Parameters: {MinBytes: 5}}
                Resources:
                  Sites:
                    LCG.CERN.ch:
                      CEs:
                        boinc:
                          CEType: BOINC
                          CPUTime: 1000
                          URL: https://boinc.example.org/p/
                          Trust: Full
                          Queues:
                            always: {}
                        cloud:
                          CEType: SSH
                          CPUTime: 1000
                          Trust: Untrusted
                          RequiredTag: [GPU]
                          Queues:
                            strangers: {}
                            known: {Trust: Full}
                """);
    Map<String, Queue> clouds = queues(configuration, "LCG.CERN.ch", "cloud");
    assertThat(the(queues(configuration, "LCG.CERN.ch", "boinc"), "always").requiredTags())
        .containsExactly("Volunteers");
    assertThat(the(clouds, "strangers").requiredTags()).containsExactly("GPU", "Volunteers");
    assertThat(the(clouds, "strangers").untrusted()).isTrue();
    assertThat(the(clouds, "known").requiredTags()).containsExactly("GPU");
    assertThat(the(clouds, "known").parameters()).doesNotContainKey("Trust");
    assertThat(the(configuration.operations(), "lhcb").volunteers())
        .isEqualTo(new Configuration.Volunteers("Checks", Map.of("MinBytes", "5")));
  }

  @Test
  void limitsAndDelaysAreListed() {
    Configuration configuration =
        configuration(
            SMALL
                + """
                Operations:
                  lhcb:
                    JobScheduling:
                      RunningLimit:
                        LCG.CERN.ch:
                          JobType: {Merge: 50, Sim: 0}
                          CEs: {ce1: {OwnerGroup: {user: 3}}}
                      MatchingDelay:
                        LCG.CERN.ch: {JobType: {Merge: 30}}
                Resources:
                  Sites:
                    LCG.CERN.ch:
                      CEs: {ce1: {CEType: Local, CPUTime: 5, Queues: {q: {}}}}
                """);
    Configuration.JobScheduling scheduling =
        the(configuration.operations(), "lhcb").jobScheduling();
    assertThat(scheduling.runningLimits())
        .containsExactlyInAnyOrder(
            new RunningLimit("LCG.CERN.ch", Optional.empty(), "JobType", "Merge", 50),
            new RunningLimit("LCG.CERN.ch", Optional.empty(), "JobType", "Sim", 0),
            new RunningLimit("LCG.CERN.ch", Optional.of("ce1"), "OwnerGroup", "user", 3));
    assertThat(scheduling.matchingDelays())
        .containsExactly(new MatchingDelay("LCG.CERN.ch", "JobType", "Merge", 30));
  }

  @Test
  void aSlipThatWouldLoseAllSitesIsTold() {
    Draft draft =
        Draft.of(
            """
            Registry:
              lhcb: {DefaultGroup: user, Users: {}, Groups: {user: {Properties: [], Users: []}}}
            Resources:
              Sitse: {}
              StorageElements: {}
            """);
    assertThat(draft.problems())
        .containsExactly("Resources.Sitse: unknown key; did you mean Sites? (line 4)");
  }

  @Test
  void brokenTextIsOneProblemWithItsPlace() {
    assertThat(Draft.of("Registry: [").problems())
        .singleElement()
        .asString()
        .startsWith("line 1, column 12: no YAML:");
    assertThat(Draft.of("").problems()).hasSize(1);
    assertThat(Draft.of("just text").problems()).hasSize(1);
    assertThat(Draft.of("a: &a {b: *a}").problems())
        .contains("line 1: a section that contains itself");
    assertThat(Draft.of("Registry: {}\nRegistry: {}").problems())
        .contains("Registry: written twice, again in line 2");
    assertThat(Draft.of("x: !!javax.script.ScriptEngineManager {}\nRegistry: {}").problems())
        .anyMatch(problem -> problem.contains("tag is not allowed"));
  }

  @Test
  void aliasesCannotBlowUp() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      String before = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]\n"
              .formatted(
                  i,
                  i,
                  String.join(
                      ", ",
                      List.of(
                          before, before, before, before, before, before, before, before,
                          before))));
    }
    assertThat(Draft.of(bomb.toString()).problems()).isNotEmpty();
  }

  private static Map<String, Queue> queues(
      Configuration configuration, String site, String element) {
    return the(the(configuration.resources().sites(), site).computingElements(), element).queues();
  }

  private static <T> T the(Map<String, T> map, String key) {
    return Optional.ofNullable(map.get(key)).orElseThrow();
  }

  private static Configuration configuration(String text) {
    Draft draft = Draft.of(text);
    assertThat(draft.problems()).isEmpty();
    return draft.toConfiguration("0".repeat(40), Instant.EPOCH);
  }
}
