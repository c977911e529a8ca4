package org.spinor.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spinor.api.ConfigurationImport;
import org.spinor.api.ConfigurationImport.LeftOut;
import org.spinor.api.SpinorException;
import tools.jackson.databind.JsonNode;

class CfgImportTest {
  private static final Path EXAMPLES = Path.of("../examples/dirac-cfg");

  private static ConfigurationImport.Imported convert(String cfg, String subjects) {
    return CfgImport.of(new ConfigurationImport(cfg, null, subjects, false));
  }

  private static ConfigurationImport.Imported example() throws IOException {
    return convert(
        Files.readString(EXAMPLES.resolve("two-vos.cfg")),
        Files.readString(EXAMPLES.resolve("subjects.yml")));
  }

  private static JsonNode tree(ConfigurationImport.Imported result) {
    return Expansion.free(YamlReader.read(result.yaml(), new ArrayList<>()));
  }

  @Test
  void theExampleBecomesAConfigurationThatIsTaken() throws Exception {
    ConfigurationImport.Imported result = example();
    assertThat(result.problems()).isEmpty();
    Configuration configuration =
        Draft.of(result.yaml()).toConfiguration("0".repeat(40), java.time.Instant.EPOCH);
    assertThat(configuration.registry()).containsOnlyKeys("lenses", "quarks");
    assertThat(configuration.resources().sites()).hasSize(10);
    JsonNode quarks = tree(result).path("Registry").path("quarks");
    assertThat(quarks.path("DefaultGroup").asString()).isEqualTo("quarks_user");
    assertThat(quarks.path("IdP").path("URL").asString())
        .isEqualTo("https://iam.quarks.example.org");
    assertThat(quarks.path("VOMSName").asString()).isEqualTo("quarks");
    assertThat(
            quarks
                .path("Users")
                .path("0c9ed2a1-55b7-4c0d-9a37-6d1f8f1b3c33")
                .path("PreferedUsername")
                .asString())
        .isEqualTo("carla");
    assertThat(quarks.path("Users").path("bert").isMissingNode()).isTrue();
    assertThat(quarks.path("Users").path("eva").path("Suspended").toString())
        .isEqualTo("[\"quarks\"]");
    assertThat(quarks.path("Groups").path("quarks_prod").path("JobShare").asInt()).isEqualTo(4000);
    assertThat(tree(result).path("Registry").path("lenses").path("IdP").path("URL").asString())
        .isEqualTo("https://iam.lenses.example.org");
    JsonNode dan =
        tree(result)
            .path("Registry")
            .path("lenses")
            .path("Users")
            .path("91aa0d7e-8c44-4d55-8ef0-2b7f5d0e4d44");
    assertThat(dan.path("DNs").toString())
        .as("a comma in a name is no border between names")
        .isEqualTo("[\"/DC=org/DC=example/O=Institute, Department of Lenses/CN=Dan Dorn\"]");
  }

  @Test
  void setUpsLimitsAndQueuesAreUnderstood() throws Exception {
    ConfigurationImport.Imported result = example();
    JsonNode operations = tree(result).path("Operations");
    assertThat(operations.path("quarks").path("JobDescription").path("MaxCPUTime").asInt())
        .as("of the set-up in use")
        .isEqualTo(1_000_000);
    assertThat(
            operations.path("Defaults").path("JobDescription").path("AllowedJobTypes").toString())
        .isEqualTo("[\"MPI\",\"User\",\"Test\",\"Hospital\",\"Merge\"]");
    JsonNode sites = tree(result).path("Resources").path("Sites");
    JsonNode queue =
        sites
            .path("LCG.Aurora.fi")
            .path("CEs")
            .path("ce1.aurora.example.org")
            .path("Queues")
            .path("nordugrid-slurm-short");
    assertThat(queue.path("CPUTime").asInt()).isEqualTo(60 * 600 * 3100 / 250);
    assertThat(queue.path("MaxTotalPilots").asInt()).isEqualTo(2000);
    assertThat(
            sites
                .path("LCG.Dresden-Hill.de")
                .path("CEs")
                .path("arc.dresden-hill.example.org")
                .path("VO")
                .toString())
        .as("the VO of the site holds for its elements")
        .isEqualTo("[\"quarks\"]");
    assertThat(
            sites.path("DIRAC.Island.gr").path("CEs").path("cloud.island.example.org").path("VO"))
        .hasToString("[\"lenses\"]");
    assertThat(
            tree(result)
                .path("Resources")
                .path("Computing")
                .path("OSCompatibility")
                .propertyNames())
        .contains("Linux_aarch64_glibc-2.39");
  }

  @Test
  void nothingIsLostSilently() throws Exception {
    ConfigurationImport.Imported result = example();
    String text = Files.readString(EXAMPLES.resolve("two-vos.cfg"));
    long options =
        text.lines()
            .map(line -> line.replaceAll("#.*", ""))
            .filter(line -> line.contains("="))
            .filter(line -> !line.contains("+="))
            .count();
    assertThat(result.taken() + result.leftOut().stream().mapToInt(LeftOut::options).sum())
        .isEqualTo((int) options);
    assertThat(result.leftOut())
        .allSatisfy(left -> assertThat(left.reason()).as(left.path()).isNotBlank());
    Set<String> paths = new HashSet<>(result.leftOut().stream().map(LeftOut::path).toList());
    assertThat(paths)
        .hasSameSizeAs(result.leftOut())
        .contains(
            "/Systems",
            "/WebApp",
            "/Registry/Hosts",
            "/Registry/Users/left",
            "/Registry/Users/fred/Email",
            "/Registry/Groups/quarks_admin/IdPRole",
            "/Registry/VO/quarks/VOMSServers",
            "/Resources/StorageElements",
            "/Resources/Sites/LCG/LCG.Aurora.fi/MoUTierLevel",
            "/Operations/Defaults/NewFeature",
            "/Operations/quarks/Certification",
            "/Operations/Defaults/JobScheduling/RunningLimit/LCG.Closed-Site.xx",
            "/Resources/IdProviders/quarks-iam/client_secret");
    assertThat(result.notes())
        .anyMatch(note -> note.contains("nobody are no users of lenses"))
        .anyMatch(note -> note.startsWith("CEType HTCondorCE"))
        .anyMatch(note -> note.contains("gravity are no VOs"));
    assertThat(result.yaml()).doesNotContain("not-a-real-one");
  }

  @Test
  void aConversionOfDiracxWinsAndUsersWithoutSubjectMayBeLeftOut() {
    String cfg =
        """
        DiracX { CsSync { VOs { v {
          DefaultGroup = v_user
          IdP {
            URL = https://idp.example.org
            ClientID = 17
          }
          UserSubjects {
            anna = sub-of-anna
          }
        } } } }
        Registry {
          Users { anna {
              DN = /CN=anna
            }
            bert {
              DN = /CN=bert
            }
          }
          Groups { v_user {
              Users = anna, bert
              Properties = NormalUser
              VO = v
            }
          }
        }
        """;
    ConfigurationImport.Imported result =
        CfgImport.of(new ConfigurationImport(cfg, null, null, true));
    assertThat(result.problems()).isEmpty();
    JsonNode vo = tree(result).path("Registry").path("v");
    assertThat(vo.path("Users").propertyNames()).containsExactly("sub-of-anna");
    assertThat(vo.path("Groups").path("v_user").path("Users").toString())
        .isEqualTo("[\"sub-of-anna\"]");
    assertThat(vo.path("IdP").path("ClientID").asString()).isEqualTo("17");
    assertThat(result.leftOut())
        .extracting(LeftOut::path, LeftOut::reason)
        .contains(
            org.assertj.core.groups.Tuple.tuple(
                "/Registry/Users/bert",
                "the user has no subject (sub), or one that cannot be taken"));
    ConfigurationImport.Imported other =
        CfgImport.of(
            new ConfigurationImport(
                cfg,
                "VOs: {v: {DefaultGroup: v_user, IdP: {URL: 'https://b.org', ClientID: x}, UserSubjects: {bert: b}}}",
                null,
                false));
    assertThat(tree(other).path("Registry").path("v").path("Users").propertyNames())
        .containsExactlyInAnyOrder("anna", "b");
    assertThat(other.problems()).isEmpty();
  }

  @Test
  void aQueueForOthersOnlyIsNotOpenedToAll() {
    ConfigurationImport.Imported result =
        convert(
            """
            Registry { Groups { g {
                  VO = v
                  Properties = NormalUser
                  Users =
            } } }
            Resources { Sites { LCG { LCG.A.b { CEs { ce {
                    CEType = ARC
                    Queues {
                      ours {
                        CPUTime = 5
                      }
                      theirs {
                        CPUTime = 5
                        VO = w
                      }
                    }
            } } } } } }
            """,
            "");
    assertThat(result.problems()).isEmpty();
    assertThat(result.yaml()).contains("ours:").doesNotContain("theirs:");
    assertThat(result.leftOut())
        .extracting(LeftOut::path)
        .contains("/Resources/Sites/LCG/LCG.A.b/CEs/ce/Queues/theirs");
  }

  @Test
  void anythingElseIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> convert("Registry {\n", ""))
        .isInstanceOfSatisfying(
            SpinorException.class,
            e ->
                assertThat(e.problems())
                    .isEqualTo(
                        List.of(
                            "line 1, column 1: section /Registry is not closed: } is missing")));
    assertThatThrownBy(() -> convert("", "anna: [a]")).hasMessageContaining("name or DN: sub");
    assertThat(convert("", "").problems()).isNotEmpty();
  }
}
