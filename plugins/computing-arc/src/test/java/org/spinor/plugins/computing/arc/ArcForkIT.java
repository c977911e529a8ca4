package org.spinor.plugins.computing.arc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.spinor.plugins.computing.arc.rest.Delegations;
import org.spinor.plugins.computing.arc.rest.JobItem;
import org.spinor.plugins.grid.Deadline;
import org.spinor.plugins.grid.pki.PemCredential;
import org.spinor.plugins.grid.pki.Proxies;
import org.spinor.plugins.testbed.Arex;
import org.spinor.plugins.testbed.Pilots;
import org.spinor.plugins.testbed.Shell;
import org.spinor.plugins.testbed.Starts;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;
import org.spinor.spi.Fault;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotOutput;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.computing.PilotSubmission;
import org.spinor.spi.computing.SubmitResult;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;

/**
 * The contract, and what goes wrong at real sites, with a real A-REX that forks its jobs. All at
 * once: A-REX takes its time for each.
 */
@Execution(ExecutionMode.CONCURRENT)
class ArcForkIT extends ComputingElementContract {
  private static final ArcPlugin PLUGIN = new ArcPlugin();
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final String ODD = "a\\b $c `d` \"e\" 'f' & <g> %h {i} \u00e4";
  private static @Nullable Arex started;

  @BeforeAll
  static void startArex() {
    started = new Arex("fork", "fork", Map.of());
  }

  @AfterAll
  static void stopArex() {
    if (started != null) {
      started.close();
    }
  }

  private static Arex arex() {
    return Objects.requireNonNull(started);
  }

  private static Starts starts() {
    return new Starts(arex().scratch().resolve("starts"));
  }

  private static final Map<String, String> TOKEN =
      Map.of("Authentication", "Token", "CredentialFile", "", "KeyFile", "");

  private static Map<String, String> parameters(Map<String, String> more) {
    Map<String, String> parameters = new HashMap<>();
    parameters.put("Endpoint", arex().endpoint());
    parameters.put("CAPath", arex().authorities().toString());
    parameters.put("Authentication", "X509");
    parameters.put("CredentialFile", arex().certificate().toString());
    parameters.put("KeyFile", arex().key().toString());
    parameters.put("SharedSession", "true");
    parameters.putAll(more);
    parameters.values().removeIf(String::isEmpty);
    return parameters;
  }

  private static ComputingElement open(Map<String, String> more, Credentials credentials) {
    return unhurried(PLUGIN.create(context(parameters(more), credentials)));
  }

  /** The suite asks for states 50 times a second, which no service is asked in earnest. */
  private static ComputingElement unhurried(ComputingElement element) {
    return (ComputingElement)
        Proxy.newProxyInstance(
            ArcForkIT.class.getClassLoader(),
            new Class<?>[] {ComputingElement.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("status")) {
                Thread.sleep(Duration.ofMillis(700));
              }
              if (method.getName().equals("queueInfo")) {
                // The sum is published some seconds after the state of the job.
                Shell.eventually(
                    "a job in the sum",
                    PATIENCE,
                    () -> element.queueInfo().running().orElse(0) > 0);
              }
              try {
                return method.invoke(element, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
  }

  @Override
  protected Duration patience() {
    return PATIENCE;
  }

  @Override
  protected ComputingElement open() {
    return open(Map.of(), Credentials.none());
  }

  @Override
  protected int startsOf(String stamp) {
    return starts().of(stamp);
  }

  @Override
  protected PilotSubmission submission(String stamp, Behaviour behaviour) {
    return starts().counted(super.submission(stamp, behaviour));
  }

  private static ComputingElementContext context(
      Map<String, String> parameters, Credentials credentials) {
    return new ComputingElementContext(
        "LCG.Arc.test",
        "localhost",
        "fork",
        parameters,
        credentials,
        Path.of("/nonexistent"),
        Duration.ofSeconds(60),
        InstantSource.system());
  }

  private static Deadline deadline() {
    return Deadline.in(Duration.ofSeconds(60));
  }

  /** The account's other door: what another server, or a client in other hands, would do there. */
  private static ArcService service(Map<String, String> more) {
    ComputingElementContext context = context(parameters(more), Credentials.none());
    return new ArcService(
        ArcSettings.of(context).service(), context.credentials(), context.clock());
  }

  private static void runsOnce(ComputingElement element, PilotSubmission pilot) {
    PilotReference reference = Pilots.submit(element, List.of(pilot)).getFirst();
    assertThat(Pilots.ended(element, reference).state()).isEqualTo(PilotState.DONE);
    assertThat(starts().of(pilot.stamp())).isEqualTo(1);
  }

  @Test
  void jobWhoseCreationWasNotAnsweredIsTakenUp() {
    PilotSubmission pilot = new Pilots(starts()).script("exit 0");
    try (ArcService service = service(Map.of());
        ComputingElement element = open()) {
      JobItem lost = createWithoutFiles(service, pilot);
      PilotReference reference = Pilots.submit(element, List.of(pilot)).getFirst();
      assertThat(reference.value()).isEqualTo(lost.id());
      assertThat(Pilots.submit(element, List.of(pilot))).containsExactly(reference);
      assertThat(Pilots.ended(element, reference).state()).isEqualTo(PilotState.DONE);
      assertThat(startsOf(pilot.stamp())).isEqualTo(1);
    }
  }

  @Test
  void ofSeveralJobsWhoseCreationWasNotAnsweredAtMostOneStarts() {
    PilotSubmission pilot = new Pilots(starts()).script("exit 0");
    try (ArcService service = service(Map.of());
        ComputingElement element = open()) {
      JobItem one = createWithoutFiles(service, pilot);
      JobItem two = createWithoutFiles(service, pilot);
      PilotReference reference = accepted(element, pilot);
      assertThat(reference.value()).isIn(one.id(), two.id());
      // ARC's list may not have the second one yet: then the first is taken up, else neither
      PilotState end = Pilots.ended(element, reference).state();
      assertThat(end).isIn(PilotState.ABORTED, PilotState.DONE);
      assertThat(startsOf(pilot.stamp())).isEqualTo(end == PilotState.DONE ? 1 : 0);
    }
  }

  private static JobItem createWithoutFiles(ArcService service, PilotSubmission pilot) {
    ArcSettings settings = ArcSettings.of(context(parameters(Map.of()), Credentials.none()));
    String adl = Adl.of(pilot, settings, Optional.empty());
    return service.rest().create(List.of(adl), deadline()).getFirst();
  }

  @Test
  void serversThatSendTheSameStampAtTheSameTimeStartOnePilotAtMost() throws Exception {
    PilotSubmission pilot = new Pilots(starts()).script("exit 0");
    List<ComputingElement> servers = new ArrayList<>();
    // Plug-ins of their own share nothing.
    for (int i = 0; i < 3; i++) {
      servers.add(
          unhurried(new ArcPlugin().create(context(parameters(Map.of()), Credentials.none()))));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<PilotReference>> references = new ArrayList<>();
      for (ComputingElement server : servers) {
        references.add(threads.submit(() -> accepted(server, pilot)));
      }
      for (Future<PilotReference> reference : references) {
        Pilots.ended(servers.getFirst(), reference.get());
      }
      assertThat(startsOf(pilot.stamp())).isLessThanOrEqualTo(1);
    } finally {
      servers.forEach(ComputingElement::close);
    }
  }

  /** As the server does it: what is refused for now is sent again. */
  private static PilotReference accepted(ComputingElement element, PilotSubmission pilot) {
    AtomicReference<SubmitResult> last =
        new AtomicReference<>(element.submit(List.of(pilot)).getFirst());
    Shell.eventually(
        "acceptance",
        PATIENCE,
        () -> {
          if (last.get() instanceof SubmitResult.Accepted) {
            return true;
          }
          Thread.sleep(ThreadLocalRandom.current().nextInt(1000));
          last.set(element.submit(List.of(pilot)).getFirst());
          return false;
        });
    return ((SubmitResult.Accepted) last.get()).reference();
  }

  @Test
  void tokenOpensTheDoorToo() {
    Assumptions.assumeTrue(
        Arex.trustsIssuers(), "no rights to mount: A-REX cannot trust the issuer");
    try (TokenIssuer issuer = new TokenIssuer(arex());
        ComputingElement element = open(TOKEN, issuer)) {
      runsOnce(element, new Pilots(starts()).script("exit 0"));
    }
  }

  @Test
  void tokenOfNobodyIsRefused() {
    Credentials nobody = new FixedToken("eyJhbGciOiJub25lIn0.e30.");
    try (ComputingElement element = open(TOKEN, nobody)) {
      assertThatThrownBy(() -> element.submit(List.of(new Pilots(starts()).script("exit 0"))))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("credential is not accepted");
    }
  }

  @Test
  void serviceOfAnUnknownAuthorityIsNotTrusted() {
    // An authority of another name: the user's own certificate.
    Map<String, String> other = Map.of("CAPath", arex().certificate().toString());
    try (ComputingElement element = open(other, Credentials.none())) {
      assertThatThrownBy(() -> element.status(List.of(new PilotReference("x"))))
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageContaining("CAPath");
    }
  }

  @Test
  void proxyIsShownDelegatedAndRenewed() throws Exception {
    Path file = arex().folder().resolve("proxy.pem");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    PemCredential user =
        PemCredential.parse(
            Files.readString(arex().certificate()) + Files.readString(arex().key()), "user");
    PemCredential proxy = Proxies.create(user, keys.getPublic(), keys.getPrivate(), Instant.now());
    Files.writeString(file, proxy.toPem());
    Map<String, String> parameters = new HashMap<>(parameters(Map.of()));
    parameters.remove("KeyFile");
    parameters.put("CredentialFile", file.toString());
    parameters.put("Delegation", "X509");
    PilotSubmission pilot = new Pilots(starts()).script("while [ ! -e go ]; do sleep 1; done");
    try (ComputingElement element =
            unhurried(PLUGIN.create(context(parameters, Credentials.none())));
        ArcService service = service(Map.of())) {
      PilotReference reference = Pilots.submit(element, List.of(pilot)).getFirst();
      Set<String> ids = service.rest().delegationsOf(List.of(reference.value()), deadline());
      assertThat(ids).hasSize(1);
      String id = ids.iterator().next();
      Delegations delegations = new Delegations(service.rest());
      assertThat(delegations.expires(id, deadline())).contains(proxy.expires());
      assertThat(delegations.all(deadline())).containsKey(id);
      delegations.renew(id, proxy, Instant.now(), deadline());
      assertThat(delegations.expires(id, deadline())).contains(proxy.expires());
      service.rest().put(reference.value(), "go", "now", deadline());
      assertThat(Pilots.ended(element, reference).state()).isEqualTo(PilotState.DONE);
    }
  }

  @Test
  void whatArcRefusesIsToldInItsWordsAndItsNeighboursRun() {
    PilotSubmission pilot = new Pilots(starts()).script("exit 0");
    try (ComputingElement element = open(Map.of("CEQueueName", "krof"), Credentials.none())) {
      assertThat(element.submit(List.of(pilot)).getFirst())
          .isInstanceOfSatisfying(
              SubmitResult.Refused.class,
              refused -> {
                assertThat(refused.fault()).isEqualTo(Fault.PLATFORM);
                assertThat(refused.reason()).contains("queue krof");
              });
    }
  }

  @Test
  void preambleRuntimeEnvironmentsAndFragmentsReachTheNode() {
    Map<String, String> more =
        Map.of(
            "Preamble",
            "MADE='by the preamble'\nexport MADE",
            "ADLApplication",
            "<Environment><Name>QUEUE_OF</Name><Value>{queue} {cores}</Value></Environment>",
            "WallTimeMinutes",
            "10");
    PilotSubmission plain =
        new Pilots(starts()).script("echo \"$MADE, $QUEUE_OF\"; printf '%s\\n' \"$ODD\"");
    PilotSubmission pilot =
        new PilotSubmission(
            plain.stamp(), plain.vo(), plain.script(), Map.of("ODD", ODD), List.of(), plain.size());
    try (ComputingElement element = open(more, Credentials.none())) {
      PilotReference reference = Pilots.submit(element, List.of(pilot)).getFirst();
      assertThat(Pilots.ended(element, reference).state()).isEqualTo(PilotState.DONE);
      PilotOutput output = element.output(reference, 10_000);
      assertThat(output.standardOutput()).isEqualTo("by the preamble, fork 1\n" + ODD + "\n");
      assertThat(output.log()).contains("SUBMIT -> INLRMS").doesNotContain("#!/bin/sh");
    }
  }

  /** For those who show something odd. */
  private record FixedToken(String value) implements Credentials {
    @Override
    public Credential.Token token(String scope, String audience) {
      return new Credential.Token(value, Optional.empty());
    }

    @Override
    public Credential.SshKey sshKey() {
      throw new MisconfiguredException("none");
    }

    @Override
    public Credential.Secret secret(String name) {
      throw new MisconfiguredException("none");
    }
  }
}
