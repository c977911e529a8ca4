package org.spinor.server.provisioning.elements;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.resources.TestSites;
import org.spinor.spi.Parameter;
import org.spinor.spi.computing.ComputingElement;
import org.spinor.spi.computing.ComputingElementContext;
import org.spinor.spi.computing.ComputingElementPlugin;

class ParameterCheckTest {
  private final ParameterCheck check = new ParameterCheck(new Plugins(List.of(new SomePlugin())));

  private static final class SomePlugin implements ComputingElementPlugin {
    @Override
    public String name() {
      return "Some";
    }

    @Override
    public String description() {
      return "Is not used.";
    }

    @Override
    public List<Parameter> parameters() {
      return List.of(
          Parameter.number("Port", 22, "", "Where it listens."),
          Parameter.text("Host", "", "Its host.").asRequired());
    }

    @Override
    public ComputingElement create(ComputingElementContext context) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void problemsStandWhereTheirValuesStand() {
    assertThat(
            problems(
                "Some",
                Map.of("Host", "h", "Port", "x"),
                Map.of("Host", "h", "Port", "x"),
                Map.of("Host", "h", "Port", "y"),
                Map.of("Host", "h", "Port", "1", "Hots", "z")))
        .containsExactlyInAnyOrder(
            "Resources.Sites.S.CEs.ce.Port: 'x' is not a whole number, 0 or more",
            "Resources.Sites.S.CEs.ce.Queues.q1.Port: 'y' is not a whole number, 0 or more",
            "Resources.Sites.S.CEs.ce.Queues.q2.Hots: no such parameter; did you mean Host?");
  }

  @Test
  void whatIsAboutThePilotIsKnownForEveryPlugin() {
    assertThat(
            problems(
                "Some",
                Map.of("Host", "h"),
                Map.of("Host", "h", "Edge", "http://login01:8421", "NumberOfNodes", "1"),
                Map.of("Host", "h", "Edge", "file:///shared/spool"),
                Map.of("Host", "h", "Edge", "login01:8421"),
                Map.of("Host", "h", "Edge", "http://login01:8421/path", "NumberOfNodes", "0"),
                Map.of("Host", "h", "Edge", "file:///shared/my spool")))
        .hasSize(4)
        .allMatch(problem -> problem.matches(".*q[234]\\.(Edge|NumberOfNodes): .*"));
  }

  @Test
  void whatIsMissingIsToldOnceForTheElement() {
    assertThat(problems("Some", Map.of(), Map.of(), Map.of()))
        .containsExactly("Resources.Sites.S.CEs.ce.Host: is missing: Its host.");
  }

  @Test
  void unknownTypeIsToldWithThoseThatThereAre() {
    assertThat(problems("Other", Map.of(), Map.of()))
        .containsExactly(
            "Resources.Sites.S.CEs.ce.CEType: no plug-in for computing elements of type 'Other'; installed are Some");
  }

  @Test
  void queuesOfMachinesNeedNoPlugin() {
    assertThat(problems("Vacuum", Map.of(), Map.of("PilotOptions", "--cores=4"))).isEmpty();
    assertThat(problems("Vacuum", Map.of(), Map.of("PilotOption", "x"), Map.of("Port", "1")))
        .containsExactly(
            "Resources.Sites.S.CEs.ce.Queues.q0.PilotOption: no such parameter; did you mean PilotOptions?",
            "Resources.Sites.S.CEs.ce.Queues.q1.Port: no such parameter; there are PilotOptions");
  }

  @SafeVarargs
  private List<String> problems(
      String type, Map<String, String> ofElement, Map<String, String>... ofQueues) {
    TreeMap<String, Configuration.Queue> queues = new TreeMap<>();
    for (int i = 0; i < ofQueues.length; i++) {
      String name = "q" + i;
      queues.put(name, TestSites.queue("S", "ce", name, type, 1, 1, 1, ofQueues[i]));
    }
    Configuration.ComputingElement element =
        new Configuration.ComputingElement("S", "ce", type, ofElement, queues);
    Configuration.Site site = new Configuration.Site("S", new TreeMap<>(Map.of("ce", element)));
    return check.problems(
        new Configuration.Resources(new TreeMap<>(), new TreeMap<>(Map.of("S", site))));
  }
}
