package org.spinor.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RulesTest {
  private static final String STORE = Addresses.PREFIX + "aHR0cA.c2ln";

  @Test
  void whatPilotsAskGoesOut() {
    for (String call :
        List.of(
            "GET /api/health/live",
            "POST /api/auth/secret-exchange",
            "POST /api/pilots/a1b2-3/work",
            "POST /api/pilots/a1b2/heartbeat",
            "POST /api/pilots/a1b2/log?offset=120",
            "POST /api/pilots/a1b2/nodes/3",
            "PATCH /api/pilots/metadata",
            "PATCH /api/jobs/status",
            "PATCH /api/jobs/heartbeat",
            "PATCH /api/jobs/metadata",
            "POST /api/jobs/17/attempts/2/requeue",
            "PATCH /api/jobs/17/sandbox/output")) {
      assertThat(kind(call)).as(call).contains(Rules.Kind.CALL);
    }
    assertThat(kind("GET /api/jobs/sandbox?pfn=SB%3ASandboxSE%7C%2FS3%2Fx"))
        .contains(Rules.Kind.PLACE);
    assertThat(kind("POST /api/jobs/sandbox")).contains(Rules.Kind.PLACE);
    assertThat(kind("GET " + STORE)).contains(Rules.Kind.STORE);
    assertThat(kind("POST " + STORE)).contains(Rules.Kind.STORE);
    assertThat(kind("GET /pilot/bootstrap.sh")).contains(Rules.Kind.FILE);
    assertThat(kind("GET /pilot/bundles/linux-x86_64.tar.gz.sha256")).contains(Rules.Kind.FILE);
  }

  @Test
  void nothingElseDoes() {
    for (String call :
        List.of(
            "GET /",
            "GET /api/health/ready",
            "POST /api/jobs/search",
            "POST /api/jobs/jdl",
            "POST /api/jobs/kill",
            "POST /api/pilots/",
            "POST /api/pilots/search",
            "GET /api/pilots/a1b2/log",
            "POST /api/pilots/a1b2/kill",
            "POST /api/pilots/../work",
            "POST /api/pilots/a/../b/work",
            "POST /api/pilots/%2e%2e/work",
            "POST /api/pilots//work",
            "POST /api/pilots/a1b2/work?x=1",
            "POST /api/pilots/a1b2/log?offset=1&x=2",
            "GET /api/jobs/sandbox?pfn=a&x=b",
            "GET http://elsewhere.org/api/health/live",
            "CONNECT elsewhere.org:443",
            "GET /pilot/bundles/../../etc/passwd",
            "DELETE " + STORE,
            "GET /edge/store/http://elsewhere.org")) {
      assertThat(kind(call)).as(call).isEmpty();
    }
  }

  private static Optional<Rules.Kind> kind(String call) {
    String[] words = call.split(" ", 2);
    return Rules.of(words[0], words[1]);
  }
}
