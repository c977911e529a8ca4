package org.spinor.server.configuration;

import static org.spinor.server.configuration.Fields.choice;
import static org.spinor.server.configuration.Fields.each;
import static org.spinor.server.configuration.Fields.flag;
import static org.spinor.server.configuration.Fields.free;
import static org.spinor.server.configuration.Fields.optional;
import static org.spinor.server.configuration.Fields.real;
import static org.spinor.server.configuration.Fields.required;
import static org.spinor.server.configuration.Fields.section;
import static org.spinor.server.configuration.Fields.text;
import static org.spinor.server.configuration.Fields.texts;
import static org.spinor.server.configuration.Fields.whole;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.spinor.server.configuration.Shape.Each;
import org.spinor.server.configuration.Shape.Field;
import org.spinor.server.configuration.Shape.Others;
import org.spinor.server.configuration.Shape.Section;
import org.spinor.server.configuration.Shape.Text;
import org.spinor.server.configuration.Shape.Texts;
import org.spinor.server.configuration.Shape.Whole;
import org.spinor.server.configuration.Shape.Wholes;

/**
 * Every key of the configuration: the schema of DiracX in its order, and Spinor's additions (sites,
 * scheduling, limits of submission). docs/operator/configuration.md is its page for people.
 */
final class Schema {
  static final Text NAME =
      new Text(
          Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"),
          "a name of letters, digits, '_', '.' and '-'");
  static final Text SITE_NAME =
      new Text(
          Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+){2,}"),
          "a site's name as LCG.CERN.ch: grid, name, country");
  static final Text HOST_NAME =
      new Text(Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.:/-]{0,254}"), "a host's name");
  private static final Text SUBJECT =
      new Text(Pattern.compile("[^\\s/:]{1,255}"), "a subject (sub) without blanks, '/' and ':'");
  private static final Text ADDRESS =
      new Text(Pattern.compile("https?://\\S+"), "an address as https://idp.example.org");
  private static final Text AUDIENCE =
      new Text(Pattern.compile("\\S{1,255}"), "an audience as https://ce.example.org:443");
  private static final Text SCOPE =
      new Text(Pattern.compile("[!#-\\[\\]-~]{1,255}"), "one scope, without blanks");
  private static final Text EMAIL =
      new Text(Pattern.compile("[^\\s@]+@[^\\s@]+"), "an e-mail address");
  static final List<String> LIMITED =
      List.of("JobType", "JobGroup", "Owner", "OwnerGroup", "Platform", "Tag", "Site");

  static final Section JOB_SCHEDULING =
      section(
          Others.KEPT,
          whole(
              "HeartbeatSeconds",
              300,
              1,
              86_400,
              "A running job reports so often. Three missed reports end the attempt: the job waits again. Seconds."),
          whole(
              "MaxInfrastructureFailures",
              10,
              0,
              1000,
              "Attempts that a job may lose to the infrastructure (dead pilots, lost nodes), at no cost to its user, before it fails."),
          optional(
              "taskQueueCPUTimeIntervals",
              new Wholes(),
              "CPU times to which requests are rounded up, so that jobs share a class; increasing, seconds. Default: 360, 1800, 3600, 21600, 43200, 86400, 172800, 259200, 345600, 518400, 691200, 864000, 1080000."),
          section("Volunteers", volunteers(), "How results of untrusted queues are checked."),
          flag("CheckJobLimits", true, "Whether RunningLimit is applied."),
          optional(
              "RunningLimit",
              new Shape.Free(),
              "At most so many jobs with an attribute's value at a site: `<site>.<attribute>.<value>: N` or, for one computing element, `<site>.CEs.<ce>.<attribute>.<value>: N`. Attributes: JobType, JobGroup, Owner, OwnerGroup, Platform, Tag, Site."),
          flag("CheckMatchingDelay", true, "Whether MatchingDelay is applied."),
          optional(
              "MatchingDelay",
              new Shape.Free(),
              "After a match no other job with the same attribute's value starts at that site for so many seconds: `<site>.<attribute>.<value>: seconds`."));

  private static final Section JOB_DESCRIPTION =
      section(
          Others.REFUSED,
          whole(
              "DefaultCPUTime",
              86_400,
              1,
              Integer.MAX_VALUE,
              "CPU time of jobs that do not say, normalised seconds."),
          whole("DefaultPriority", 1, 0, Integer.MAX_VALUE, "Priority of jobs that do not say."),
          whole(
              "MinCPUTime",
              100,
              0,
              Integer.MAX_VALUE,
              "Smaller requests are refused, normalised seconds."),
          whole("MinPriority", 0, 0, Integer.MAX_VALUE, "Lowest priority a user may ask."),
          whole(
              "MaxCPUTime",
              500_000,
              1,
              Integer.MAX_VALUE,
              "Larger requests are refused, normalised seconds."),
          whole("MaxPriority", 10, 0, Integer.MAX_VALUE, "Highest priority a user may ask."),
          whole("MaxInputData", 100, 0, Integer.MAX_VALUE, "Input files of one job, at most."),
          texts(
              "AllowedJobTypes",
              List.of("User", "Test", "Hospital"),
              "Job types that may be submitted."),
          whole("MaxJobsPerCall", 100_000, 1, 10_000_000, "Jobs that one submission may become."),
          whole("MaxNumberOfProcessors", 1024, 1, 1_000_000, "Cores that a job may ask for."),
          text("ContainerImage", "", "Image in which jobs run that name none; empty: in none."));

  private static final Section OPERATIONS =
      section(
          Others.REFUSED,
          Stream.concat(
              Stream.of(
                  flag("EnableSecurityLogging", false, "Kept for DiracX."),
                  section("InputDataPolicy", inputDataPolicy(), "How jobs get their input data."),
                  section("JobDescription", JOB_DESCRIPTION, "Limits of a job's description."),
                  section("Services", services(), "Settings named after DIRAC's services."),
                  text(
                      "SoftwareDistModule",
                      "LocalSoftwareDist",
                      "Put into descriptions of jobs that name none."),
                  section(
                      "JobScheduling", JOB_SCHEDULING, "How waiting jobs are given to pilots.")),
              Stream.of(
                      "Cloud",
                      "DataConsistency",
                      "DataManagement",
                      "EMail",
                      "GaudiExecution",
                      "Hospital",
                      "JobTypeMapping",
                      "LogFiles",
                      "LogStorage",
                      "Logging",
                      "Matching",
                      "MonitoringBackends",
                      "NagiosConnector",
                      "Pilot",
                      "Productions",
                      "Shares",
                      "Shifter",
                      "SiteSEMappingByProtocol",
                      "TransformationPlugins",
                      "Transformations",
                      "ResourceStatus")
                  .map(name -> free(name, "Kept as it is."))));

  private static final Section USER =
      section(
          Others.REFUSED,
          required(
                  "PreferedUsername",
                  NAME,
                  "The user's name in listings and owners of jobs (spelt as in DiracX; PreferredUsername is taken too)")
              .alias("PreferredUsername"),
          texts("DNs", List.of(), "Subjects of the user's certificates."),
          optional("Email", EMAIL, "Where to reach the user."),
          texts("Suspended", List.of(), "VOs in which the user is suspended."),
          optional("Quota", Whole.atLeast(0), "Kept for DiracX."));

  private static final Section GROUP =
      section(
          Others.REFUSED,
          flag("AutoAddVOMS", false, "Kept for DiracX."),
          flag("AutoUploadPilotProxy", false, "Kept for DiracX."),
          flag("AutoUploadProxy", false, "Kept for DiracX."),
          whole(
              "JobShare",
              1000,
              0,
              Integer.MAX_VALUE,
              "Weight of the group among the groups of the VO: with 2000 and 1000 the first gets two thirds."),
          required("Properties", new Texts(true), "What members may do, as NormalUser."),
          optional("Quota", Whole.atLeast(0), "Kept for DiracX."),
          required("Users", new Texts(true), "Subjects of the members."),
          flag(
              "AllowBackgroundTQs",
              false,
              "Jobs of tiny priority run only when the group has nothing else."),
          optional("VOMSRole", Text.ANY, "Kept for DiracX."),
          flag("AutoSyncVOMS", false, "Kept for DiracX."));

  private static final Section MACHINE_TOKENS =
      section(
          Others.REFUSED,
          optional(
              "ClientID",
              Text.ANY,
              "What this installation is called there when it asks for them; default: IdP.ClientID."),
          choice(
              "Authentication",
              List.of("client_secret_basic", "client_secret_post", "private_key_jwt"),
              "How it shows who it is; what it shows stands in files, see docs/operator/credentials.md."),
          choice(
              "Audience",
              List.of("audience", "resource", "both", "none"),
              "How a request names who will check the token: by the parameter audience (WLCG, INDIGO IAM), resource (RFC 8707), both, or not at all."),
          each(
              "AudienceScopes",
              new Each("audience", AUDIENCE, SCOPE),
              "For providers that know audiences by scopes (Keycloak): the scope that brings an audience, asked for besides the others."),
          texts(
              "ExtraScopes",
              List.of(),
              "Scopes that may be asked for besides those of the WLCG profile for computing and storage."),
          whole(
              "MaxSeconds", 21_600, 60, 604_800, "A token that lives longer is refused. Seconds."));

  private static final Section VO =
      section(
          Others.REFUSED,
          optional(
              "IdP",
              section(
                  Others.REFUSED,
                  required(
                      "URL",
                      ADDRESS,
                      "Issuer; its metadata stand at URL + /.well-known/openid-configuration."),
                  required("ClientID", Text.ANY, "What this installation is called there."),
                  texts(
                      "Scopes",
                      List.of("openid", "profile"),
                      "Asked for at a login; openid must be among them."),
                  text(
                      "UsernameClaim",
                      "preferred_username",
                      "The claim that names users who are not under Users; kept from their first login."),
                  optional(
                      "GroupsClaim",
                      Text.ANY,
                      "The claim that says in which groups of the provider a user is, as wlcg.groups, groups, eduperson_entitlement, or with dots for what is inside, realm_access.roles. Its users may log in without being under Users. Nothing: only those under Users."),
                  each(
                      "Groups",
                      new Each("group", NAME, new Texts(true)),
                      "For each group of the VO the groups of the provider whose members are in it, as GroupsClaim spells them."),
                  optional(
                      "Tokens",
                      MACHINE_TOKENS,
                      "How this installation gets tokens for computing and storage elements there. Nothing: it gets none.")),
              "The identity provider of the VO. Without one only local accounts can log in."),
          section(
              "Support",
              section(
                  Others.REFUSED,
                  optional("Email", EMAIL, "Who helps."),
                  optional("Webpage", ADDRESS, "Where help is written down."),
                  text(
                      "Message",
                      "Please contact system administrator",
                      "Shown to users in trouble.")),
              "Who helps the users of the VO."),
          required("DefaultGroup", NAME, "Group of those who log in and name none."),
          real("DefaultStorageQuota", 0, "Kept for DiracX."),
          whole("DefaultProxyLifeTime", 43_200, 0, Integer.MAX_VALUE, "Kept for DiracX. Seconds."),
          optional("VOMSName", Text.ANY, "Kept for DiracX."),
          required(
              "Users",
              new Each("sub", SUBJECT, USER),
              "Users by subject: their sub at the identity provider."),
          required("Groups", new Each("group", NAME, GROUP), "Groups of the VO."));

  private static final Section QUEUE = section(Others.PARAMETERS, queueFields());

  private static final Section COMPUTING_ELEMENT =
      section(
          Others.PARAMETERS,
          Stream.concat(
              Stream.of(
                  required("CEType", NAME, "The plug-in, as Local."),
                  required(
                      "Queues",
                      new Each("queue", NAME, QUEUE),
                      "Queues of the element. What a queue does not say is taken from the element, so all keys of a queue may stand here too. Other keys go to the plug-in.")),
              queueFields()));

  private static final Section SITE =
      section(
          Others.REFUSED,
          optional("Description", Text.ANY, "For people."),
          optional("Coordinates", Text.ANY, "Longitude:latitude, degrees."),
          optional("Mail", Text.ANY, "Who runs it."),
          texts("SE", List.of(), "Storage elements near to it."),
          each(
              "CEs",
              new Each("ce", HOST_NAME, COMPUTING_ELEMENT),
              "Computing elements by host name."));

  static final Section ROOT =
      section(
          Others.REFUSED,
          section(
              "DIRAC",
              section(Others.REFUSED, flag("NoSetup", false, "Kept for DiracX.")),
              "Kept for DiracX."),
          each(
              "Operations",
              new Each("vo", NAME, OPERATIONS),
              "How each VO works. What stands under `Defaults` holds for all of them, where they say nothing else."),
          required("Registry", new Each("vo", NAME, VO), "Virtual organisations."),
          section("Resources", section(Others.DROPPED, resources()), "Where jobs run."),
          free("LocalSite", "Kept as it is."),
          free("LogLevel", "Kept as it is."),
          free("MCTestingDestination", "Kept as it is."),
          free("Systems", "Kept as it is."),
          free("WebApp", "Kept as it is."));

  private Schema() {}

  private static Stream<Field> resources() {
    return Stream.of(
        section(
            "Computing",
            section(
                Others.DROPPED,
                each(
                    "OSCompatibility",
                    new Each("platform", Text.ANY, new Texts(true)),
                    "For each platform those whose jobs run on it; itself need not be named.")),
            "What holds for all sites."),
        each("Sites", new Each("site", SITE_NAME, SITE), "Sites with their computing elements."));
  }

  private static Section inputDataPolicy() {
    String protocol = "DIRAC.WorkloadManagementSystem.Client.InputDataByProtocol";
    return section(
        Others.DROPPED,
        text("Default", "Default = " + protocol, "Kept for DiracX."),
        text(
            "Download",
            "DIRAC.WorkloadManagementSystem.Client.DownloadInputData",
            "Kept for DiracX."),
        text("Protocol", protocol, "Kept for DiracX."),
        flag("AllReplicas", true, "Kept for DiracX."),
        section(
            "Protocols",
            section(
                Others.REFUSED,
                texts("Remote", List.of(), "Kept for DiracX."),
                texts("Local", List.of(), "Kept for DiracX.")),
            "Kept for DiracX."),
        text(
            "InputDataModule",
            "DIRAC.Core.Utilities.InputDataResolution",
            "Put into descriptions of jobs that name none."));
  }

  private static Section volunteers() {
    return section(
        Others.REFUSED,
        text(
            "Validator",
            "Agreement",
            "The validator that results of untrusted queues have to pass: Agreement, Checks, or one of a plug-in."),
        section(
            "Parameters",
            section(Others.PARAMETERS),
            "Parameters of the validator, as {Runs: 2}; each validator says which it has."));
  }

  private static Section services() {
    return section(
        Others.REFUSED,
        free("Catalogs", "Kept as it is."),
        section(
            "JobMonitoring",
            section(
                Others.REFUSED,
                flag(
                    "GlobalJobsInfo",
                    true,
                    "Whether members of a VO see all jobs of the VO, or only their own.")),
            "Who sees jobs."),
        section(
            "JobScheduling",
            section(
                Others.REFUSED,
                flag("EnableSharesCorrection", false, "Whether past usage corrects shares."),
                whole("MaxRescheduling", 3, 0, 1000, "Reschedules by users before a job fails.")),
            "Limits of rescheduling and shares."));
  }

  private static Stream<Field> queueFields() {
    return Stream.of(
        optional("VO", new Texts(true), "VOs that may use it. Default: all."),
        optional(
            "CPUTime",
            Whole.atLeast(1),
            "Longest CPU time of a job there, normalised seconds (CPU power of the node on the DB12 scale times seconds). Needed for the queue or its element."),
        optional(
            "NumberOfProcessors",
            new Whole(0, 1_000_000),
            "Cores of a pilot there. 0 or nothing: what the node has, known when a pilot has looked."),
        optional(
            "MaxRAM",
            new Whole(0, 1_000_000_000),
            "Memory of a pilot there, MB. 0 or nothing: what the node has."),
        optional("NumberOfGPUs", new Whole(0, 10_000), "GPUs of a pilot there. Default: 0."),
        optional("WholeNode", new Shape.Flag(), "Whether pilots get whole nodes. Default: false."),
        optional("Tag", new Texts(false), "Tags that jobs may ask for."),
        optional("RequiredTag", new Texts(false), "Only jobs that ask for all of these run there."),
        optional(
            "Trust",
            new Text(Pattern.compile("Full|Untrusted"), "Full or Untrusted"),
            "Untrusted: machines that nobody vouches for. They get only jobs marked for volunteers (Volunteers in the JDL), and results count when a validator has accepted them. Default: Full; always Untrusted for the type BOINC."),
        optional(
            "Platform",
            new Texts(false),
            "Platforms of its nodes, best first, each known in OSCompatibility. Nothing: any."),
        optional(
                "IdlePilots",
                new Whole(0, 100_000),
                "While there is work that fits, so many pilots wait there for a slot. Default: 1 (DIRAC's name MaxWaitingJobs is taken too)")
            .alias("MaxWaitingJobs"),
        optional(
                "MaxTotalPilots",
                new Whole(0, 10_000_000),
                "Pilots there at the same time, at most. Default: 100 (DIRAC's name MaxTotalJobs is taken too)")
            .alias("MaxTotalJobs"));
  }
}
