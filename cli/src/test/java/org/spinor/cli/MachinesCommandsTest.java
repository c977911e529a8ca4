package org.spinor.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.cli.session.ExitCode;

/** What operators type about machines that run pilots by themselves. */
class MachinesCommandsTest {
  private static final String MACHINE =
      """
      {"id":17,"state":"%s","reason":"","name":"desk1","host":"desk1.org","address":"192.0.2.7","code":"BCDFGHJK",
       "code_until":"2026-11-26T12:00:00Z","site":"VAC.Desks.org","ce":"vac","queue":"desks","vo":"dteam","let_in_by":"alice",
       "joined":null,"last_seen":"2026-11-26T11:00:00Z","stamp":null}""";
  private static final String SECRET =
      """
      {"id":3,"state":"%s","vo":"dteam","site":"VAC.Desks.org","ce":"vac","queue":"desks","max_machines":null,"machines":2,
       "note":"","created_by":"alice","created":"2026-11-26T11:00:00Z","expires":"2026-12-26T11:00:00Z","secret":"spinor-machines-x"}""";

  private final FakeServer server = new FakeServer();
  @TempDir private Path folder;

  @AfterEach
  void stop() {
    server.close();
  }

  private Shell shell() {
    return new Shell(folder, server);
  }

  @Test
  void machinesAreLetInAndDrained() {
    server
        .on("GET /api/machines", 200, "[" + MACHINE.formatted("asking") + "]")
        .on("POST /api/machines/approve", 200, MACHINE.formatted("idle"))
        .on("POST /api/machines/17/drain", 200, MACHINE.formatted("draining"));
    assertThat(shell().run("pilots", "requests").out())
        .contains("BCDFGHJK", "desk1.org", "192.0.2.7");
    assertThat(shell().run("pilot", "approve", "BCDF-GHJK", "--site", "VAC.Desks.org").out())
        .isEqualTo("machine 17 (desk1) runs pilots of VO dteam at VAC.Desks.org (vac/desks)\n");
    assertThat(shell().run("machines", "list").out()).contains("17", "asking", "vac/desks");
    assertThat(shell().run("machine", "drain", "17").out())
        .isEqualTo("machine 17 (desk1) is draining\n");
    assertThat(shell().run("pilots", "approve", "BCDF-GHJK").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aSecretIsPrintedAloneSoThatItCanGoIntoAFile() {
    server
        .on("POST /api/machines/secrets", 200, SECRET.formatted("valid"))
        .on("GET /api/machines/secrets", 200, "[" + SECRET.formatted("valid") + "]")
        .on("POST /api/machines/secrets/3/revoke", 200, SECRET.formatted("revoked"));
    Shell.Result made =
        shell().run("pilots", "secret", "create", "--site", "VAC.Desks.org", "--expires", "90d");
    assertThat(made.out()).isEqualTo("spinor-machines-x\n");
    assertThat(made.err()).contains("secret 3, for VO dteam at VAC.Desks.org", "this once");
    assertThat(shell().run("pilots", "secret", "list").out()).contains("valid", "vac/desks");
    assertThat(shell().run("pilots", "secret", "revoke", "3", "--drain").out())
        .isEqualTo("secret 3 is revoked; its machines drain\n");
    assertThat(
            shell()
                .run("pilots", "secret", "create", "--site", "x", "--expires", "soon")
                .exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(shell().run("pilots", "secret", "create", "--help").out()).contains("Example");
    assertThat(shell().run("pilots", "secret").exitCode()).isEqualTo(ExitCode.USAGE);
  }
}
