package org.spinor.server.configuration;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One version of the configuration, immutable and valid. Ask {@link Configurations} for the current
 * one at each use; never keep it.
 *
 * @param revision commit of the git repository, or a hash of the file: 40 hexadecimal digits
 * @param changed when this version was made
 * @param registry VOs by name
 * @param operations per VO, defaults merged in; one entry for each VO of the registry
 * @param resources sites and platforms
 * @param document the whole in the wire format of {@code GET /api/config/}, every default expanded
 */
public record Configuration(
    String revision,
    Instant changed,
    SortedMap<String, Vo> registry,
    SortedMap<String, Operations> operations,
    Resources resources,
    JsonNode document) {
  /** The required tag of queues whose machines nobody vouches for. */
  public static final String VOLUNTEERS = "Volunteers";

  /** A virtual organisation. */
  public record Vo(
      String name,
      String defaultGroup,
      Optional<IdentityProvider> identityProvider,
      Support support,
      SortedMap<String, User> users,
      SortedMap<String, Group> groups) {}

  /**
   * Where the users of a VO prove who they are (OpenID Connect).
   *
   * @param url the issuer
   * @param clientId what this installation is called there
   * @param scopes asked for, {@code openid} among them
   * @param usernameClaim names users who are not listed
   * @param groupsClaim says in which of the provider's groups a user is; empty: only listed users
   *     may log in
   * @param groups group of the VO to the provider's groups whose members are in it
   * @param tokens how this installation gets tokens for machines there; empty: it gets none
   */
  public record IdentityProvider(
      String url,
      String clientId,
      List<String> scopes,
      String usernameClaim,
      Optional<String> groupsClaim,
      SortedMap<String, Set<String>> groups,
      Optional<MachineTokens> tokens) {
    /** Whether a token's issuer is this one; a slash at the end does not count. */
    public boolean isIssuer(String issuer) {
      return withoutSlash(issuer).equals(withoutSlash(url));
    }

    private static String withoutSlash(String text) {
      return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
  }

  /**
   * Tokens for machines from a VO's identity provider: client credentials (RFC 6749, 4.4) and token
   * exchange (RFC 8693).
   *
   * @param clientId what this installation is called there when it asks for these
   * @param authentication {@code client_secret_basic}, {@code client_secret_post} or {@code
   *     private_key_jwt}
   * @param audience how the request names who will check the token: {@code audience} (WLCG), {@code
   *     resource} (RFC 8707), {@code both} or {@code none}
   * @param audienceScopes for providers that know audiences by scopes: audience to the scope that
   *     is asked for besides
   * @param extraScopes scopes that may be asked for besides those of the WLCG profile
   * @param maxSeconds a token that lives longer is refused
   */
  public record MachineTokens(
      String clientId,
      String authentication,
      String audience,
      SortedMap<String, String> audienceScopes,
      Set<String> extraScopes,
      int maxSeconds) {}

  public record Support(String message, @Nullable String webpage, @Nullable String email) {}

  /**
   * @param subject the user's {@code sub} at the identity provider
   */
  public record User(String subject, String preferredUsername, Set<String> suspended) {}

  /**
   * @param share relative weight of the group in its VO (JobShare)
   * @param properties what members may do, as {@code NormalUser}
   * @param users subjects of the members
   * @param allowBackgroundQueues whether jobs of tiny priority run only when nothing else does
   *     (AllowBackgroundTQs)
   */
  public record Group(
      String name,
      int share,
      Set<String> properties,
      Set<String> users,
      boolean allowBackgroundQueues) {
    /** Whether the group's jobs are one pot: a member's pilot may run another member's job. */
    public boolean jobSharing() {
      return properties.contains("JobSharing");
    }
  }

  /** What a VO allows and how its jobs are treated. */
  public record Operations(
      JobDescription jobDescription,
      JobScheduling jobScheduling,
      Volunteers volunteers,
      boolean globalJobsInfo,
      String inputDataModule,
      String softwareDistModule) {}

  /**
   * How results of volunteers are checked ({@code Operations.<vo>.JobScheduling.Volunteers}).
   *
   * @param validator name of the plug-in, as {@code Agreement}
   * @param parameters for it
   */
  public record Volunteers(String validator, Map<String, String> parameters) {
    public Volunteers {
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * Limits of a job description ({@code Operations.<vo>.JobDescription}). The first eight are
   * DiracX's; the rest are Spinor's.
   *
   * @param maxJobsPerCall resulting jobs of one submission
   * @param maxProcessors cores that a job may ask for
   * @param containerImage in which jobs run that name none; empty: in none
   */
  public record JobDescription(
      int defaultCpuTime,
      int minCpuTime,
      int maxCpuTime,
      int defaultPriority,
      int minPriority,
      int maxPriority,
      int maxInputData,
      Set<String> allowedJobTypes,
      int maxJobsPerCall,
      int maxProcessors,
      String containerImage) {}

  /**
   * {@code Operations.<vo>.Services.JobScheduling} and {@code Operations.<vo>.JobScheduling}.
   *
   * @param maxRescheduling reschedules by users before a job fails
   * @param maxInfrastructureFailures attempts lost to the infrastructure, at no cost to the user,
   *     before a job fails
   * @param heartbeatSeconds of running jobs; three missed ones end the attempt
   * @param sharesCorrection whether past usage corrects shares
   * @param runningLimits at most so many jobs with attribute = value run at a site
   * @param matchingDelays after a match the same attribute = value waits so many seconds at that
   *     site
   * @param cpuTimeIntervals the CPU segments of requirement classes, seconds, increasing
   */
  public record JobScheduling(
      int maxRescheduling,
      int maxInfrastructureFailures,
      int heartbeatSeconds,
      boolean sharesCorrection,
      List<RunningLimit> runningLimits,
      List<MatchingDelay> matchingDelays,
      List<Long> cpuTimeIntervals) {}

  /**
   * @param ce limits one computing element of the site, or the whole site where empty
   * @param attribute {@code JobType, JobGroup, Owner, OwnerGroup, Platform, Tag, Site}
   */
  public record RunningLimit(
      String site, Optional<String> ce, String attribute, String value, int limit) {}

  public record MatchingDelay(String site, String attribute, String value, int seconds) {}

  /**
   * @param osCompatibility platform to the platforms whose jobs it can run, itself included
   */
  public record Resources(
      SortedMap<String, Set<String>> osCompatibility, SortedMap<String, Site> sites) {}

  /** A site of {@code Resources.Sites}. */
  public record Site(String name, SortedMap<String, ComputingElement> computingElements) {}

  /**
   * @param type name of the plug-in, as {@code Local}
   * @param parameters everything else of the element's section, for the plug-in; queue parameters
   *     win over these
   */
  public record ComputingElement(
      String site,
      String name,
      String type,
      Map<String, String> parameters,
      SortedMap<String, Queue> queues) {}

  /**
   * A queue of a computing element. Values not given for the queue are taken from its element.
   *
   * @param vos VOs that may use it; empty: all
   * @param cpuTime longest CPU time in normalised seconds (CPUTime)
   * @param cores NumberOfProcessors; 0: what the node has (unknown until a pilot has looked)
   * @param memoryMb MaxRAM, MB; 0: unknown
   * @param gpus NumberOfGPUs
   * @param wholeNode pilots get whole nodes
   * @param tags offered tags
   * @param requiredTags jobs must ask for these; {@link #VOLUNTEERS} among them: nobody vouches for
   *     the machines
   * @param platforms empty: any
   * @param idlePilots keep so many pilots waiting while there is demand (IdlePilots)
   * @param maxPilots at most so many at once (MaxTotalPilots)
   * @param parameters for the plug-in
   */
  public record Queue(
      String site,
      String ce,
      String name,
      String ceType,
      Set<String> vos,
      long cpuTime,
      int cores,
      long memoryMb,
      int gpus,
      boolean wholeNode,
      List<String> tags,
      List<String> requiredTags,
      List<String> platforms,
      int idlePilots,
      int maxPilots,
      Map<String, String> parameters) {
    /** The type of queues to which machines come by themselves. */
    public static final String VACUUM = "Vacuum";

    /** The parameter with the number of nodes of one allocation. */
    public static final String NODES = "NumberOfNodes";

    /** Whether nothing is submitted there: machines that joined run its pilots. */
    public boolean isVacuum() {
      return ceType.equals(VACUUM);
    }

    /** Nodes of one allocation there; 1 where what it says is no such number. */
    public int nodes() {
      String nodes = parameters.getOrDefault(NODES, "1").strip();
      return nodes.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(nodes) : 1;
    }

    /** Whether nobody vouches for its machines. */
    public boolean untrusted() {
      return requiredTags.contains(VOLUNTEERS);
    }
  }
}
