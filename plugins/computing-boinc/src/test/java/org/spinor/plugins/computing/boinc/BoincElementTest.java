package org.spinor.plugins.computing.boinc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.plugins.testbed.Pilots;
import org.spinor.plugins.testbed.boinc.BoincProject;
import org.spinor.plugins.testbed.boinc.Volunteer;
import org.spinor.plugins.testbed.boinc.WorkUnits;
import org.spinor.spi.Credential;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.PilotReference;
import org.spinor.spi.computing.PilotState;
import org.spinor.spi.testkit.Behaviour;
import org.spinor.spi.testkit.ComputingElementContract;
import org.spinor.spi.testkit.FakeCredentials;

class BoincElementTest extends ComputingElementContract {
  @TempDir static Path folder;
  private static final AtomicInteger PROJECTS = new AtomicInteger();
  private final WorkUnits units;
  private final BoincProject project;

  BoincElementTest() throws IOException {
    units =
        new WorkUnits(
            folder.resolve("project" + PROJECTS.incrementAndGet()),
            List.of(new Volunteer("v1", Map.of(), 8)));
    project = new BoincProject(units, "spinor", "s3cret");
  }

  @AfterEach
  void end() {
    project.close();
  }

  @Override
  protected ComputingElement open() {
    return open(Map.of("URL", project.url().toString()), "s3cret");
  }

  private static ComputingElement open(Map<String, String> parameters, String authenticator) {
    return new BoincPlugin()
        .create(
            new ComputingElementContext(
                "BOINC.Example.org",
                "boinc.example.org",
                "volunteers",
                parameters,
                credentials(authenticator),
                folder,
                Duration.ofSeconds(30),
                Clock.systemUTC()));
  }

  private static FakeCredentials credentials(String authenticator) {
    FakeCredentials credentials = new FakeCredentials();
    credentials.keep("boinc-authenticator", authenticator);
    return credentials;
  }

  @Override
  protected int startsOf(String stamp) {
    return units.startsOf("spinor_" + stamp);
  }

  @Test
  void plainAddressIsRefusedButOnThisHost() {
    assertThatThrownBy(() -> open(Map.of("URL", "http://boinc.example.org/p/"), "x"))
        .isInstanceOf(MisconfiguredException.class)
        .hasMessageContaining("authenticator would be readable");
    assertThatThrownBy(() -> open(Map.of("URL", "boinc"), "x"))
        .isInstanceOf(MisconfiguredException.class);
  }

  @Test
  void failuresSayWhoHasToAct() {
    List<PilotReference> one = List.of(new PilotReference("spinor_x"));
    String url = project.url().toString();
    try (ComputingElement wrongKey = open(Map.of("URL", url), "other");
        ComputingElement wrongApp = open(Map.of("URL", url, "App", "other"), "s3cret");
        ComputingElement wrongPath = open(Map.of("URL", url + "deeper"), "s3cret")) {
      assertThatThrownBy(() -> wrongKey.status(one)).isInstanceOf(RefusedException.class);
      assertThatThrownBy(() -> wrongApp.submit(List.of(submission("app1", Behaviour.ENDS_WELL))))
          .isInstanceOf(MisconfiguredException.class)
          .hasMessageContaining("no app named other");
      assertThatThrownBy(() -> wrongPath.status(one)).isInstanceOf(MisconfiguredException.class);
    }
    project.close();
    try (ComputingElement away = open(Map.of("URL", url), "s3cret")) {
      assertThatThrownBy(() -> away.status(one))
          .isInstanceOf(TemporaryException.class)
          .hasMessageContaining("cannot be reached");
    }
  }

  @Test
  void pilotOfWhichOnlyAnEmptyBatchIsLeftIsSentWhenItComesAgain() {
    // As after a submission that broke off between its two steps.
    assertThat(units.jobs()).isEmpty();
    try (Project web =
        new Project(project.url(), () -> new Credential.Secret("s3cret", Optional.empty()))) {
      web.createBatch("spinor_again", "spinor", new Deadline(Duration.ofSeconds(10)));
    }
    try (ComputingElement element = open()) {
      PilotReference pilot = new PilotReference("spinor_again");
      assertThat(Pilots.report(element, pilot).state()).isEqualTo(PilotState.UNKNOWN);
      element.submit(List.of(submission("again", Behaviour.RUNS_LONG)));
      assertThat(Pilots.report(element, pilot).state())
          .isIn(PilotState.WAITING, PilotState.RUNNING);
      element.cancel(List.of(pilot));
    }
    assertThat(units.startsOf("spinor_again")).isEqualTo(1);
  }
}
