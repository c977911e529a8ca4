package org.spinor.server.jobs.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.spinor.api.ErrorCode;
import org.spinor.api.InsertedJob;
import org.spinor.api.JobStatus;
import org.spinor.api.SpinorException;
import org.spinor.jdl.Ad;
import org.spinor.jdl.Jdl;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Callers;
import org.spinor.server.jobs.JobEvents;
import org.spinor.server.jobs.JobsFixture;
import org.spinor.server.jobs.Requirements;

class SubmissionTest {
  private static final JobsFixture ROOM = new JobsFixture();
  private static final Caller ALICE = Callers.user("alice");
  private final Submission submission = ROOM.get(Submission.class);
  private final Descriptions descriptions = ROOM.get(Descriptions.class);

  @BeforeEach
  void forget() {
    ROOM.events.clear();
    ROOM.badSandboxes.clear();
  }

  @AfterAll
  static void close() {
    ROOM.close();
  }

  private List<InsertedJob> submit(String... jdls) {
    return submission.submit(ALICE, List.of(jdls));
  }

  private long one(String jdl) {
    return submit(jdl).getFirst().jobId().value();
  }

  private Ad ad(long job) {
    return Jdl.parse(descriptions.texts(List.of(job)).values().iterator().next());
  }

  private Requirements requirements(long job) {
    int number = Integer.parseInt(ROOM.column(job, "class_number"));
    return ROOM.classes.numbers.entrySet().stream()
        .filter(entry -> entry.getValue() == number)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private static List<String> problems(Runnable call) {
    List<String> found = new ArrayList<>();
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            SpinorException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.JDL_INVALID);
              assertThat(e.getMessage()).startsWith("JDL syntax error");
              found.addAll(e.problems());
            });
    return found;
  }

  @Test
  void plainJobAnswersAsReceivedAndWaitsByItself() {
    InsertedJob answer =
        submit("Executable = \"/bin/echo\"; JobName = \"demo\"; Arguments = \"%j\";").getFirst();
    long job = answer.jobId().value();
    assertThat(answer.status()).isEqualTo(JobStatus.Received);
    assertThat(answer.minorStatus()).isEqualTo("Job accepted");
    assertThat(
            ROOM.column(
                job,
                "concat_ws('/', status, minor_status, application_status, owner, owner_group, vo, job_type, job_group, job_name, site, user_priority)"))
        .isEqualTo("Waiting/Pilot Agent Submission/Unknown/alice/user/vo/user/00000000/demo/ANY/1");
    assertThat(ROOM.log(job))
        .containsExactly(
            "Received/Job accepted/JobManager", "Waiting/Pilot Agent Submission/JobManager");
    assertThat(ROOM.events(JobEvents.Waiting.class)).hasSize(1);
    Ad ad = ad(job);
    assertThat(ad.string("Arguments")).contains(Long.toString(job));
    assertThat(ad.integer("JobID")).hasValue(job);
    assertThat(ad.integer("CPUTime")).hasValue(86_400);
    assertThat(ad.string("Owner")).contains("alice");
    assertThat(ad.string("InputDataModule")).contains("InputDataModule");
    assertThat(descriptions.original(job))
        .contains("Executable = \"/bin/echo\"; JobName = \"demo\"; Arguments = \"%j\";");
  }

  @Test
  void tenErrorsGiveTenProblems() {
    String jdl =
        """
        [
          Executable = "";
          CPUTime = 5;
          Priority = 11;
          JobType = "Production";
          Site = "LCG.CERN.hc";
          Platform = "Solaris";
          Owner = "bob";
          InputData = {"LFN:/other/file", "/vo//file"};
          NumberOfProcessors = 0;
          WholeNode = "perhaps";
        ]
        """;
    List<String> lines = problems(() -> submit(jdl));
    assertThat(lines).allMatch(line -> line.startsWith("JDL 1: ")).hasSize(11);
    assertThat(lines)
        .contains(
            "JDL 1: CPUTime: 5; allowed: 100 to 500000",
            "JDL 1: Priority: 11; allowed: 0 to 10",
            "JDL 1: Site: unknown site \"LCG.CERN.hc\"; did you mean LCG.CERN.ch?",
            "JDL 1: JobType: \"Production\"; allowed: Hospital, Test, User",
            "JDL 1: Owner: \"bob\"; allowed: \"alice\", or leave it out");
    assertThat(
            ROOM.jdbc()
                .sql("SELECT count(*) FROM jobs.job WHERE job_type = 'Production'")
                .query(Integer.class)
                .single())
        .isZero();
  }

  @Test
  void problemsOfAllDescriptionsComeTogetherWithTheirNumbers() {
    List<String> lines =
        problems(
            () ->
                submit(
                    "Executable = \"a\"",
                    "Executable = ",
                    "JobGroup = \"%s\"".formatted("x".repeat(40))));
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("JDL 2: line 1, column ");
    assertThat(lines.subList(1, 3))
        .containsExactly(
            "JDL 3: Executable: missing; expected the program to run, as \"/bin/echo\"",
            "JDL 3: JobGroup: has 40 characters; allowed: at most 32");
    assertThat(problems(this::submit)).hasSize(1);
  }

  @Test
  void severalParametricDescriptionsAndTooManyJobsAreRefused() {
    assertThatThrownBy(() -> submit("Executable = \"a\"; Parameters = 2", "Executable = \"a\""))
        .hasMessage("You cannot submit parametric jobs in a bulk fashion");
    assertThatThrownBy(() -> submit("Executable = \"a\"; Parameters = 100001"))
        .hasMessage("Normal user cannot submit more than 100000 jobs at once");
    assertThat(problems(() -> submit("Executable = \"a\"; Parameters = {}"))).hasSize(1);
  }

  @Test
  void parametricJobsShareATemplateAndDifferInTheirPlaces() {
    List<InsertedJob> jobs =
        submit(
            """
            Executable = "/bin/echo"; JobName = "run_%n_%j"; Arguments = "%s %(x)s";
            Parameters = {"a", "b", "c"}; Parameters.x = {1, 2, 3};
            """);
    assertThat(jobs).hasSize(3);
    assertThat(jobs).allMatch(job -> job.status() == JobStatus.Submitting);
    long second = jobs.get(1).jobId().value();
    assertThat(ROOM.column(second, "concat(status, '/', job_name)"))
        .isEqualTo("Waiting/run_1_" + second);
    assertThat(ROOM.log(second))
        .containsExactly(
            "Submitting/Bulk transaction confirmation/JobManager",
            "Received/Job accepted/JobManager",
            "Waiting/Pilot Agent Submission/JobManager");
    Ad ad = ad(second);
    assertThat(ad.string("Arguments")).contains("b 2");
    assertThat(ad.integer("ParameterNumber")).hasValue(1);
    assertThat(ad.contains("Parameters")).isFalse();
    assertThat(
            ROOM.jdbc()
                .sql("SELECT jobs_left FROM jobs.template WHERE template_id = :id")
                .param("id", jobs.getFirst().jobId().value())
                .query(Integer.class)
                .single())
        .isEqualTo(3);
  }

  @Test
  void whatVariesIsCheckedInEachJobAndMakesItsOwnClass() {
    List<InsertedJob> jobs =
        submit(
            """
            Executable = "a"; Site = "%s"; Parameters = {"LCG.CERN.ch", "LCG.CNAF.it", "LCG.CERN.ch"};
            """);
    List<String> classes =
        jobs.stream().map(job -> ROOM.column(job.jobId().value(), "class_number")).toList();
    assertThat(classes.get(0)).isEqualTo(classes.get(2)).isNotEqualTo(classes.get(1));
    assertThat(ROOM.column(jobs.get(1).jobId().value(), "site")).isEqualTo("LCG.CNAF.it");
    assertThat(
            problems(
                () -> submit("Executable = \"a\"; Priority = %s; Parameters = {1, 2, 30, 40};")))
        .containsExactly(
            "JDL 1: Priority: 30; allowed: 0 to 10", "JDL 1: Priority: 40; allowed: 0 to 10");
  }

  @Test
  void requirementsAreThoseOfTheDescription() {
    long job =
        one(
            """
            Executable = "a"; JobType = "Test"; JobGroup = "g1"; CPUTime = "3600"; Site = "LCG.CERN.ch, LCG.CNAF.it";
            BannedSites = {"LCG.CNAF.it"}; GridCE = "ce1"; Platform = "Linux_x86_64_el8"; Tags = {"fast"}; MaxRAM = 4;
            MinNumberOfProcessors = 2; MaxNumberOfProcessors = 8; NumberOfGPUs = 1;
            """);
    Requirements asked = requirements(job);
    assertThat(asked.cpuTime()).isEqualTo(3600);
    assertThat(asked.sites()).containsExactly("LCG.CERN.ch", "LCG.CNAF.it");
    assertThat(asked.bannedSites()).containsExactly("LCG.CNAF.it");
    assertThat(asked.ces()).containsExactly("ce1");
    assertThat(asked.platforms())
        .as("every platform that can run it")
        .containsExactly("Linux_x86_64_el8", "Linux_x86_64_el9");
    assertThat(asked.tags()).containsExactly("fast");
    assertThat(asked.memoryMb()).isEqualTo(4000);
    assertThat(List.of(asked.minCores(), asked.maxCores(), asked.gpus())).containsExactly(2, 8, 1);
    assertThat(asked.jobGroup()).isEqualTo("g1");
    assertThat(ROOM.column(job, "site")).isEqualTo("Multiple");
    assertThat(requirements(one("Executable = \"a\"; WholeNode = true")).maxCores())
        .isEqualTo(Requirements.ALL_CORES);
    assertThat(requirements(one("Executable = \"a\"; MinNumberOfProcessors = 3")).maxCores())
        .isEqualTo(Requirements.ALL_CORES);
  }

  @Test
  void imageIsTheJobsOrItsVosAndBringsATag() {
    long own = one("Executable = \"a\"; ContainerImage = \"docker://debian:12\"; Tags = {\"x\"};");
    assertThat(requirements(own).tags()).containsExactly("Container", "x");
    assertThat(requirements(one("Executable = \"a\";")).tags()).isEmpty();
    assertThat(problems(() -> submit("Executable = \"a\"; ContainerImage = \"--privileged x\";")))
        .allMatch(problem -> problem.contains("ContainerImage: expected a name or a path"))
        .hasSize(1);
    ROOM.configurations.containerImage("/cvmfs/unpacked.example.org/vo");
    try {
      long ofVo = one("Executable = \"b\";");
      assertThat(requirements(ofVo).tags()).containsExactly("Container");
      assertThat(ad(ofVo).string("ContainerImage")).contains("/cvmfs/unpacked.example.org/vo");
      long none = one("Executable = \"a\"; ContainerImage = \"\";");
      assertThat(requirements(none).tags()).isEmpty();
      assertThat(ad(none).string("ContainerImage")).contains("");
    } finally {
      ROOM.configurations.containerImage("");
    }
  }

  @Test
  void wordsWithoutQuotesAreTheTextThatWasMeant() {
    long job =
        one(
            """
            Executable = "dirac-jobexec"; JobGroup = jobGroup; JobName = jobName; JobType = User; Site = ANY;
            OutputSandbox = { Script1_CodeOutput.log, std.err, std.out }; StdError = std.err; Same = JobName;
            """);
    assertThat(ROOM.column(job, "concat_ws('/', job_group, job_name, job_type, site)"))
        .isEqualTo("jobGroup/jobName/User/ANY");
    assertThat(ad(job).strings("OutputSandbox"))
        .containsExactly("Script1_CodeOutput.log", "std.err", "std.out");
    assertThat(ad(job).string("Same")).contains("jobName");
  }

  @Test
  void jobWithInputDataFailsAtOnceAndSaysWhy() {
    long job = one("Executable = \"a\"; InputData = {\"LFN:/vo/data/file\"};");
    assertThat(ROOM.column(job, "concat(status, '/', minor_status)"))
        .isEqualTo("Failed/Input Data Not Available");
    assertThat(ROOM.column(job, "application_status")).contains("no file catalogue");
    assertThat(ROOM.events(JobEvents.Waiting.class)).isEmpty();
  }

  @Test
  void sandboxesAreCheckedAndAnnounced() {
    String good = "SB:SandboxSE|/S3/b/vo/user/alice/sha256:1.tar.bz2";
    long job = one("Executable = \"a\"; InputSandbox = {\"%s\", \"LFN:/vo/x\"};".formatted(good));
    assertThat(ROOM.events(JobEvents.Submitted.class).getLast().inputSandboxes().get(job))
        .containsExactly(good);
    ROOM.badSandboxes.put("SB:SandboxSE|/S3/x", "unknown");
    assertThat(
            problems(
                () ->
                    submit(
                        "Executable = \"a\"; InputSandbox = {\"SB:SandboxSE|/S3/x\", \"local.sh\"};",
                        "Executable = \"a\"; InputSandbox = {\"SB:SandboxSE|/S3/x\"};")))
        .hasSize(2)
        .anyMatch(line -> line.contains("\"SB:SandboxSE|/S3/x\": unknown"))
        .anyMatch(line -> line.contains("local.sh"));
  }

  @Test
  void hostileTextsAreRefusedNotStored() {
    assertThat(problems(() -> submit("Executable = \"a\0b\""))).hasSize(1);
    assertThat(problems(() -> submit(""))).hasSize(1);
    assertThat(problems(() -> submit("[".repeat(100_000)))).isNotEmpty();
  }

  @Test
  void manySmallCallsAtOnceAreAllAnsweredWithTheirOwnJobs() throws Exception {
    List<Future<List<InsertedJob>>> answers = new ArrayList<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        String jdl = "Executable = \"a\"; JobName = \"n" + i + "\"";
        String second = "Executable = \"b\"; JobName = \"m" + i + "\"";
        answers.add(clients.submit(() -> submission.submit(ALICE, List.of(jdl, second))));
      }
    }
    for (int i = 0; i < 200; i++) {
      List<InsertedJob> jobs = answers.get(i).get();
      assertThat(jobs).hasSize(2);
      assertThat(ROOM.column(jobs.get(0).jobId().value(), "job_name")).isEqualTo("n" + i);
      assertThat(ROOM.column(jobs.get(1).jobId().value(), "job_name")).isEqualTo("m" + i);
    }
  }

  @Test
  void hundredThousandJobsInOneCall() {
    List<InsertedJob> jobs =
        submit(
            "Executable = \"a\"; JobName = \"big_%n\"; Arguments = \"%s\"; Parameters = 100000;");
    assertThat(jobs).hasSize(100_000);
    assertThat(jobs.stream().map(InsertedJob::jobId).distinct()).hasSize(100_000);
    assertThat(ROOM.events(JobEvents.Waiting.class).getLast().more().getFirst().jobs())
        .isEqualTo(100_000);
    int sample = 54_321;
    assertThat(ad(jobs.get(sample).jobId().value()).string("Arguments")).contains("1");
    assertThat(
            IntStream.of(0, sample, 99_999)
                .mapToObj(i -> ROOM.column(jobs.get(i).jobId().value(), "job_name")))
        .containsExactly("big_00000", "big_54321", "big_99999");
  }
}
