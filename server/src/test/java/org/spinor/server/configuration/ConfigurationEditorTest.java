package org.spinor.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.ConfigurationEditor.Edited;
import org.spinor.server.configuration.ConfigurationEditor.Setting;
import org.spinor.server.database.DataFolder;

class ConfigurationEditorTest {
  private static final Author ANNA =
      new Author("lhcb:0c9e", "anna", "lhcb", "lhcb_admin", "127.0.0.1");
  private static final String TEXT =
      """
      # the VO
      Registry:
        lhcb:
          DefaultGroup: user
          Users: {}
          Groups:
            user: {Properties: [NormalUser], Users: [], JobShare: 1000}
            other: {Properties: [NormalUser], Users: [], JobShare: 1000}
      """;
  private static final String SHARE = "Registry/lhcb/Groups/user/JobShare";
  private static final String OTHER = "Registry/lhcb/Groups/other/JobShare";

  @TempDir Path folder;

  private ConfigurationSource source(String config) {
    return ConfigurationBeans.source(config, new DataFolder(folder.resolve("data")));
  }

  private Git repository() throws Exception {
    Git git =
        Git.init().setDirectory(folder.resolve("repo").toFile()).setInitialBranch("master").call();
    Files.writeString(folder.resolve("repo/README.md"), "ours");
    git.add().addFilepattern("README.md").call();
    commit(git, TEXT);
    return git;
  }

  private RevCommit commit(Git git, String text) throws Exception {
    Files.writeString(folder.resolve("repo/default.yml"), text);
    git.add().addFilepattern("default.yml").call();
    return git.commit()
        .setMessage("by hand")
        .setAuthor("Bert", "bert@example.org")
        .setCommitter("Bert", "bert@example.org")
        .setSign(false)
        .call();
  }

  private static Edited set(ConfigurationWatch watch, String path, String value) {
    return new ConfigurationEditor(watch)
        .set(ANNA, "because", Optional.empty(), List.of(new Setting(YamlPath.parse(path), value)));
  }

  private static int share(ConfigurationWatch watch, String group) {
    return Optional.ofNullable(watch.current().registry().get("lhcb"))
        .flatMap(vo -> Optional.ofNullable(vo.groups().get(group)))
        .orElseThrow()
        .share();
  }

  @Test
  void anEditIsACommitWithAuthorAndReasonAndInForceAtOnce() throws Exception {
    try (ConfigurationWatch watch = new ConfigurationWatch(source(""));
        Git git = Git.open(folder.resolve("data/config").toFile())) {
      String before = watch.current().revision();
      Edited edited =
          new ConfigurationEditor(watch)
              .set(
                  ANNA,
                  "  the group\nis large ",
                  Optional.of(before),
                  List.of(
                      new Setting(YamlPath.parse("Registry/spinor/Groups/user/JobShare"), "7")));
      assertThat(watch.current().revision())
          .isEqualTo(edited.version().revision())
          .isNotEqualTo(before);
      RevCommit head = git.log().setMaxCount(1).call().iterator().next();
      assertThat(head.name()).isEqualTo(edited.version().revision());
      assertThat(head.getAuthorIdent().getName()).isEqualTo("anna");
      assertThat(head.getFullMessage())
          .isEqualTo("the group\nis large\n\nSpinor-User: lhcb:0c9e (anna of lhcb_admin)\n");
      assertThat(git.status().call().isClean()).isTrue();
      assertThat(edited.changes()).hasSize(1);

      GitHistory.Page page = watch.source().history().orElseThrow().page(0, 10);
      assertThat(page.total()).isEqualTo(2);
      assertThat(page.entries().getFirst().author()).isEqualTo("anna");
      assertThat(set(watch, "Registry/spinor/Groups/user/JobShare", "7").changes())
          .as("what is so already makes no version")
          .isEmpty();
      assertThat(watch.source().history().orElseThrow().page(0, 10).total()).isEqualTo(2);
    }
  }

  @Test
  void aBadEditIsRefusedWithAllProblemsAndMakesNoCommit() throws Exception {
    try (Git git = repository();
        ConfigurationWatch watch =
            new ConfigurationWatch(source("git+" + folder.resolve("repo").toUri()))) {
      ConfigurationEditor editor = new ConfigurationEditor(watch);
      String revision = watch.current().revision();
      assertThatThrownBy(
              () ->
                  editor.replace(
                      ANNA,
                      "x",
                      revision,
                      TEXT.replace("1000", "many").replace("NormalUser", "NormlUser"),
                      false))
          .isInstanceOfSatisfying(
              SpinorException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_INVALID);
                assertThat(e.problems()).hasSize(4);
              });
      for (String reason : new String[] {"", " \n", "\u0001", "x".repeat(2001)}) {
        assertThatThrownBy(() -> editor.replace(ANNA, reason, revision, TEXT, false))
            .hasMessageContaining("reason");
      }
      assertThat(commits(git)).hasSize(1);
      assertThat(watch.current().revision()).isEqualTo(revision);
    }
  }

  @Test
  void aWorkingTreeIsRenewedAndWhatIsNotCommittedThereIsSafe() throws Exception {
    Path file = folder.resolve("repo/default.yml");
    try (Git git = repository();
        ConfigurationWatch watch =
            new ConfigurationWatch(source("git+" + folder.resolve("repo").toUri()))) {
      set(watch, SHARE, "2000");
      assertThat(Files.readString(file)).contains("JobShare: 2000").startsWith("# the VO");
      assertThat(git.status().call().isClean()).isTrue();
      assertThat(Files.readString(folder.resolve("repo/README.md"))).isEqualTo("ours");

      Files.writeString(file, TEXT.replace("1000", "5"));
      assertThatThrownBy(() -> set(watch, OTHER, "3000")).hasMessageContaining("not committed");
      assertThat(Files.readString(file)).contains("JobShare: 5");
      assertThat(commits(git)).hasSize(2);
    }
  }

  @Test
  void aBadCommitMadeElsewhereIsToldAndCanBeMended() throws Exception {
    try (Git git = repository();
        ConfigurationWatch watch =
            new ConfigurationWatch(source("git+" + folder.resolve("repo").toUri()))) {
      ConfigurationEditor editor = new ConfigurationEditor(watch);
      VersionDesk desk = new VersionDesk(watch, editor);
      String good = watch.current().revision();
      RevCommit bad = commit(git, TEXT.replace("1000", "many"));
      watch.look();

      assertThat(watch.current().revision()).isEqualTo(good);
      assertThat(desk.state().rejected()).isNotNull();
      assertThat(desk.history(1, 20).versions())
          .extracting(version -> version.inForce() + " " + version.problems().size())
          .containsExactly("false 2", "true 0");
      assertThatThrownBy(() -> set(watch, SHARE, "7"))
          .isInstanceOfSatisfying(SpinorException.class, e -> assertThat(e.problems()).hasSize(1));
      Edited back = editor.rollback(ANNA, "take it back", good.substring(0, 10));
      assertThat(desk.state().rejected()).isNull();
      assertThat(watch.current().revision()).isEqualTo(back.version().revision());
      assertThat(share(watch, "user")).isEqualTo(1000);
      assertThat(back.changes()).hasSize(2);
      assertThatThrownBy(() -> editor.rollback(ANNA, "x", bad.name()))
          .hasMessageContaining("2 problems");
      assertThatThrownBy(() -> editor.rollback(ANNA, "x", "deadbeef"))
          .hasMessageContaining("no revision deadbeef");
    }
  }

  @Test
  void whoComesTooLateIsToldWhatChanged() throws Exception {
    try (Git _ = repository();
        ConfigurationWatch watch =
            new ConfigurationWatch(source("git+" + folder.resolve("repo").toUri()))) {
      ConfigurationEditor editor = new ConfigurationEditor(watch);
      String seen = watch.current().revision();
      set(watch, SHARE, "2000");
      assertThatThrownBy(() -> editor.replace(ANNA, "x", seen, TEXT.replace("1000", "3"), true))
          .isInstanceOfSatisfying(
              SpinorException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED);
                assertThat(e.problems()).containsExactly(SHARE + ": 1000 -> 2000");
              });
      assertThatThrownBy(
              () ->
                  editor.set(
                      ANNA,
                      "x",
                      Optional.of(seen),
                      List.of(new Setting(YamlPath.parse(SHARE), "5"))))
          .hasMessageContaining("somebody was faster");
      editor.set(ANNA, "x", Optional.of(seen), List.of(new Setting(YamlPath.parse(OTHER), "5")));
      assertThat(share(watch, "user")).isEqualTo(2000);
      assertThat(share(watch, "other")).isEqualTo(5);
      String merging = TEXT.replace("# the VO", "# the one VO");
      assertThatThrownBy(() -> editor.replace(ANNA, "x", seen, merging, false))
          .hasMessageContaining("somebody was faster");
      assertThat(editor.replace(ANNA, "x", seen, merging, true).version().text())
          .startsWith("# the one VO")
          .contains("JobShare: 2000", "JobShare: 5}");
      editor.replace(ANNA, "x", "*", TEXT, false);
      assertThat(share(watch, "user")).isEqualTo(1000);
    }
  }

  @Test
  void aFileHasNoHistoryButCanBeEdited() throws Exception {
    Path file = Files.writeString(folder.resolve("c.yml"), TEXT);
    try (ConfigurationWatch watch = new ConfigurationWatch(new FileSource(file));
        ConfigurationWatch second = new ConfigurationWatch(new FileSource(file))) {
      set(watch, SHARE, "2000");
      set(second, OTHER, "3000");
      watch.look();
      assertThat(share(watch, "user")).isEqualTo(2000);
      assertThat(share(watch, "other")).isEqualTo(3000);
      assertThat(Files.readString(file)).startsWith("# the VO");
      assertThatThrownBy(() -> new ConfigurationEditor(watch).rollback(ANNA, "x", "abcd"))
          .hasMessageContaining("has no history");
    }
  }

  @Test
  void aPushThatLosesTheRaceIsMadeAgainOnTheNewHead() throws Exception {
    try (Git git = repository();
        ConfigurationWatch first = remote("one");
        ConfigurationWatch second = remote("two")) {
      git.checkout().setCreateBranch(true).setName("elsewhere").call();
      // the second one has looked before the first one pushes: its push comes too late
      ConfigurationWatch.Editing late =
          new ConfigurationWatch.Editing() {
            private boolean raced;
            private int moves;

            @Override
            public String apply(ConfigurationSource.Version base) {
              if (!raced) {
                raced = true;
                set(first, SHARE, "2000");
              } else {
                assertThat(moves).isOne();
              }
              return YamlEdit.of(base.text()).with(YamlPath.parse(OTHER), "3000");
            }

            @Override
            public void moved(ConfigurationSource.Version from, ConfigurationSource.Version to) {
              moves++;
            }

            @Override
            public ConfigurationSource.Edit edit(ConfigurationSource.Version base, String text) {
              return new ConfigurationSource.Edit(base, text, ANNA, "late");
            }
          };
      second.edit(late);
      first.look();
      assertThat(share(first, "user")).isEqualTo(2000);
      assertThat(share(first, "other")).isEqualTo(3000);
      git.checkout().setName("master").call();
      assertThat(commits(git)).hasSize(3);
    }
  }

  @Test
  void noEditOfManyServersIsLost() throws Exception {
    int each = 4;
    try (Git git = repository();
        ConfigurationWatch first = remote("one");
        ConfigurationWatch second = remote("two");
        ConfigurationWatch third =
            new ConfigurationWatch(source("git+" + folder.resolve("repo").toUri()));
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      git.checkout().setCreateBranch(true).setName("elsewhere").call();
      List<Future<Edited>> all = new ArrayList<>();
      int number = 0;
      for (ConfigurationWatch watch : List.of(first, second, third)) {
        for (int i = 0; i < each; i++) {
          String name = "g" + number++;
          Callable<Edited> edit =
              () ->
                  set(
                      watch,
                      "Registry/lhcb/Groups/" + name,
                      "{Properties: [NormalUser], Users: []}");
          all.add(executor.submit(edit));
        }
      }
      for (Future<Edited> edit : all) {
        assertThat(edit.get().changes()).isNotEmpty();
      }
      third.look();
      assertThat(third.current().registry().get("lhcb"))
          .satisfies(vo -> assertThat(vo.groups()).hasSize(2 + 3 * each));
      git.checkout().setName("master").call();
      assertThat(commits(git)).hasSize(1 + 3 * each);
    }
  }

  private ConfigurationWatch remote(String name) {
    GitSettings.apply();
    return new ConfigurationWatch(
        GitSource.remote(
            GitRemote.of(folder.resolve("repo").toUri(), 120),
            Optional.empty(),
            folder.resolve(name)));
  }

  @Test
  void aRemoteThatRefusesLeavesEverythingAsItWas() throws Exception {
    try (Git git = repository();
        ConfigurationWatch watch = remote("one")) {
      // the branch is checked out there, so git refuses pushes to it
      git.getRepository().getConfig().setBoolean("receive", null, "denyNonFastForwards", true);
      Path hooks = folder.resolve("repo/.git/objects");
      String revision = watch.current().revision();
      assertThat(Files.isDirectory(hooks)).isTrue();
      assertThat(hooks.toFile().renameTo(folder.resolve("gone").toFile())).isTrue();
      assertThatThrownBy(() -> set(watch, SHARE, "2000"))
          .isInstanceOfSatisfying(
              SpinorException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXTERNAL));
      assertThat(watch.current().revision()).isEqualTo(revision);
      assertThat(share(watch, "user")).isEqualTo(1000);
      assertThat(folder.resolve("gone").toFile().renameTo(hooks.toFile())).isTrue();
    }
  }

  @Test
  void aTagIsNoPlaceForEdits() throws Exception {
    try (Git git = repository()) {
      git.tag().setName("v1").setSigned(false).setAnnotated(false).call();
      try (ConfigurationWatch watch =
          new ConfigurationWatch(
              source("git+" + folder.resolve("repo").toUri() + "?revision=v1"))) {
        assertThatThrownBy(() -> set(watch, SHARE, "2000")).hasMessageContaining("is no branch");
      }
    }
  }

  @Test
  void differencesAreTold() throws Exception {
    try (Git git = repository();
        ConfigurationWatch watch =
            new ConfigurationWatch(source("git+" + folder.resolve("repo").toUri()))) {
      VersionDesk desk = new VersionDesk(watch, new ConfigurationEditor(watch));
      assertThatThrownBy(() -> desk.pair(null, null)).hasMessageContaining("is the first");
      set(watch, SHARE, "2000");
      set(watch, "Systems", "{Db: {Password: one, Port: 1}}");
      set(watch, "Systems/Db/Password", "two");
      assertThat(desk.diff(desk.pair(null, null)).changes())
          .singleElement()
          .satisfies(
              change -> {
                assertThat(change.path()).containsExactly("Systems", "Db", "Password");
                assertThat(String.valueOf(change.after())).contains("***").doesNotContain("two");
              });
      String first = commits(git).getLast().name();
      assertThat(desk.diff(desk.pair(first, null)).changes())
          .extracting(change -> String.join("/", change.path()))
          .containsExactly(SHARE, "Systems/Db/Password", "Systems/Db/Port");
      assertThat(desk.unified(desk.pair(first, null)))
          .startsWith("--- default.yml\t" + first)
          .contains("\n-      user: {Properties: [NormalUser], Users: [], JobShare: 1000}\n")
          .contains("\n+    Password: two\n");
      assertThat(desk.entry(first.substring(0, 8)).version().text()).isEqualTo(TEXT);
    }
  }

  private static List<RevCommit> commits(Git git) throws Exception {
    return StreamSupport.stream(git.log().call().spliterator(), false).toList();
  }

  @Test
  void aRemoteOverSshIsReachedThroughTheProgram() throws IOException {
    GitRemote remote =
        GitRemote.of(java.net.URI.create("ssh://git@host.example.org:2222/srv/c.git"));
    assertThat(remote.url()).isEqualTo("ssh://git@host.example.org:2222/srv/c.git");
    assertThat(remote.login()).isNull();
    GitRemote web = GitRemote.of(java.net.URI.create("https://u:p@host.example.org/c.git"));
    assertThat(web.url()).isEqualTo("https://host.example.org/c.git");
    assertThat(web.login()).isNotNull();
    GitSettings.apply();
    assertThat(org.eclipse.jgit.util.SystemReader.getInstance().getenv("GIT_SSH")).isNotNull();
    assertThat(Files.size(Files.writeString(folder.resolve("x"), "x", StandardCharsets.UTF_8)))
        .isOne();
  }
}
