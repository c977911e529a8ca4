package org.spinor.server.configuration.cfg;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.spinor.api.ConfigurationImport.LeftOut;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes a configuration of this server out of one of DIRAC. */
public final class CfgConversion {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private CfgConversion() {}

  /**
   * What came out; not yet held against the schema as a whole.
   *
   * @param taken options of the cfg that are in the document
   */
  public record Converted(
      ObjectNode document, int taken, List<LeftOut> leftOut, List<String> notes) {
    public Converted {
      leftOut = List.copyOf(leftOut);
      notes = List.copyOf(notes);
    }
  }

  /**
   * @param conversion as DiracX's cs-sync takes it, {@code VOs.<vo>...}; empty: the section {@code
   *     /DiracX/CsSync} of the cfg
   * @param subjects user names or DNs with subjects
   * @param leaveOut whether users without a subject are left out
   * @throws CfgSyntaxException the text is no CFG
   */
  public static Converted convert(
      String cfg,
      JsonNode conversion,
      Map<String, String> subjects,
      boolean leaveOut,
      KnownNames known)
      throws CfgSyntaxException {
    CfgReader.Read read = CfgReader.read(cfg);
    CfgSection top = read.top();
    Account account = new Account();
    read.repeated().forEach(account::note);
    JsonNode rules = conversion.path("VOs").isObject() ? conversion : withIn(top, account, known);
    ObjectNode registry =
        new RegistryConversion(top, new Subjects(rules, subjects, leaveOut), known, account)
            .convert();
    Set<String> vos = new TreeSet<>(registry.propertyNames());
    ObjectNode resources = new ResourcesConversion(top, vos, known, account).convert();
    Set<String> sites = new TreeSet<>(resources.path("Sites").propertyNames());
    ObjectNode operations = new OperationsConversion(top, vos, sites, known, account).convert();
    ObjectNode document = JSON.objectNode();
    document.set("Registry", registry);
    if (!operations.isEmpty()) {
      document.set("Operations", operations);
    }
    if (!resources.isEmpty()) {
      document.set("Resources", resources);
    }
    List<LeftOut> leftOut = account.leftOut(top);
    int left = leftOut.stream().mapToInt(LeftOut::options).sum();
    return new Converted(document, top.size() - left, leftOut, account.notes());
  }

  /** DIRAC keeps the rules of the conversion to DiracX in its own configuration. */
  private static JsonNode withIn(CfgSection top, Account account, KnownNames known) {
    CfgSection rules = top.section("DiracX/CsSync");
    return rules.section("VOs").isEmpty()
        ? JSON.objectNode()
        : new Values(known, account).texts(rules);
  }
}
