package org.spinor.server.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spinor.api.SpinorException;
import org.spinor.server.database.DataFolder;

class ConfigurationWatchTest {
  private static final String TEXT =
      """
      Registry:
        lhcb:
          DefaultGroup: user
          Users: {}
          Groups: {user: {Properties: [NormalUser], Users: [], JobShare: 1000}}
      """;

  @TempDir Path folder;

  @Test
  void aNewVersionOfAFileIsTakenAndTold() throws IOException {
    Path file = Files.writeString(folder.resolve("c.yml"), TEXT);
    AtomicInteger changes = new AtomicInteger();
    try (ConfigurationWatch watch = new ConfigurationWatch(new FileSource(file))) {
      watch.onChange(
          () -> {
            throw new IllegalStateException("a listener that fails harms nobody");
          });
      watch.onChange(changes::incrementAndGet);
      String first = watch.current().revision();
      watch.look();
      assertThat(changes.get()).isZero();

      Files.writeString(file, TEXT.replace("1000", "2000"));
      watch.look();

      assertThat(share(watch)).isEqualTo(2000);
      assertThat(watch.current().revision()).isNotEqualTo(first).matches("[0-9a-f]{40}");
      assertThat(changes.get()).isOne();
    }
  }

  @Test
  void aBadNewVersionNeverTakesEffect() throws IOException {
    Path file = Files.writeString(folder.resolve("c.yml"), TEXT);
    AtomicInteger changes = new AtomicInteger();
    try (ConfigurationWatch watch = new ConfigurationWatch(new FileSource(file))) {
      watch.onChange(changes::incrementAndGet);
      Files.writeString(file, TEXT.replace("1000", "many"));
      watch.look();
      Files.delete(file);
      watch.look();
      assertThat(share(watch)).isEqualTo(1000);
      assertThat(changes.get()).isZero();

      Files.writeString(file, TEXT.replace("1000", "7"));
      watch.look();
      assertThat(share(watch)).isEqualTo(7);
    }
  }

  @Test
  void aBadFirstVersionIsRefusedWithAllProblems() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("c.yml"),
            TEXT.replace("1000", "many").replace("NormalUser", "NormlUser"));
    assertThatThrownBy(() -> new ConfigurationWatch(new FileSource(file)))
        .isInstanceOfSatisfying(SpinorException.class, e -> assertThat(e.problems()).hasSize(2));
    assertThatThrownBy(() -> new ConfigurationWatch(new FileSource(folder.resolve("none.yml"))))
        .hasMessageContaining("there is no configuration");
  }

  @Test
  void theDataFolderKeepsAHistoryOfWhatWasValid() throws Exception {
    DataFolder data = new DataFolder(folder);
    String firstRevision;
    Path file = folder.resolve("config").resolve("default.yml");
    try (ConfigurationWatch watch = new ConfigurationWatch(ConfigurationBeans.source("", data))) {
      firstRevision = watch.current().revision();
      String text = Files.readString(file);
      Files.writeString(file, text.replace("JobShare: 1000", "JobShare: lots"));
      watch.look();
      Files.writeString(file, text.replace("JobShare: 1000", "JobShare: 3000"));
      watch.look();
      assertThat(watch.current().revision()).isNotEqualTo(firstRevision);
    }
    try (ConfigurationWatch again = new ConfigurationWatch(ConfigurationBeans.source("", data));
        Git git = Git.open(folder.resolve("config").toFile())) {
      List<RevCommit> commits =
          StreamSupport.stream(git.log().call().spliterator(), false).toList();
      assertThat(commits).hasSize(2);
      assertThat(commits.getFirst().name()).isEqualTo(again.current().revision());
      assertThat(commits.getLast().name()).isEqualTo(firstRevision);
      assertThat(commits.getFirst().getAuthorIdent().getName()).isEqualTo("Spinor");
      assertThat(git.status().call().isClean()).isTrue();
    }
  }

  @Test
  void aBranchOfARepositoryIsFollowed() throws Exception {
    try (Git git = Git.init().setDirectory(folder.toFile()).setInitialBranch("master").call()) {
      RevCommit first = commit(git, TEXT);
      git.checkout().setCreateBranch(true).setName("next").call();
      RevCommit next = commit(git, TEXT.replace("1000", "2000"));
      DataFolder data = new DataFolder(folder.resolve("data"));
      String url = "git+" + folder.toUri();
      try (ConfigurationWatch master =
              new ConfigurationWatch(ConfigurationBeans.source(url, data));
          ConfigurationWatch branch =
              new ConfigurationWatch(ConfigurationBeans.source(url + "?revision=next", data))) {
        assertThat(master.current().revision()).isEqualTo(first.name());
        assertThat(branch.current().revision()).isEqualTo(next.name());
        assertThat(share(branch)).isEqualTo(2000);

        RevCommit newest = commit(git, TEXT.replace("1000", "3000"));
        branch.look();
        master.look();
        assertThat(branch.current().revision()).isEqualTo(newest.name());
        assertThat(branch.current().changed().getEpochSecond()).isEqualTo(newest.getCommitTime());
        assertThat(share(master)).isEqualTo(1000);
      }
      assertThatThrownBy(
              () -> new ConfigurationWatch(ConfigurationBeans.source(url + "?revision=none", data)))
          .hasMessageEndingWith("no branch none");
    }
    assertThatThrownBy(
            () ->
                ConfigurationBeans.source(
                    "git+file:///nowhere", new DataFolder(folder.resolve("data"))))
        .hasMessageContaining("no git repository");
  }

  private RevCommit commit(Git git, String text) throws Exception {
    Files.writeString(folder.resolve("default.yml"), text);
    git.add().addFilepattern("default.yml").call();
    return git.commit()
        .setMessage("test")
        .setAuthor("Test", "test@example.org")
        .setCommitter("Test", "test@example.org")
        .setSign(false)
        .call();
  }

  private static int share(Configurations configurations) {
    return Optional.ofNullable(configurations.current().registry().get("lhcb"))
        .flatMap(vo -> Optional.ofNullable(vo.groups().get("user")))
        .orElseThrow()
        .share();
  }
}
