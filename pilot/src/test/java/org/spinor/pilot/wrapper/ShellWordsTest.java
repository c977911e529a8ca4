package org.spinor.pilot.wrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {

  @Test
  void splitsAsAShellDoes() {
    assertThat(ShellWords.split("")).isEmpty();
    assertThat(ShellWords.split("  a  b\tc\n")).containsExactly("a", "b", "c");
    assertThat(ShellWords.split("'one word' \"two words\" three\\ words"))
        .containsExactly("one word", "two words", "three words");
    assertThat(ShellWords.split("a'b'\"c\"d '' \"\"")).containsExactly("abcd", "", "");
    assertThat(ShellWords.split("\"a\\\"b\\n\\$c\" '\\n'")).containsExactly("a\"b\\n$c", "\\n");
    assertThat(ShellWords.split("$HOME * `id` ; rm"))
        .containsExactly("$HOME", "*", "`id`", ";", "rm");
  }

  @ParameterizedTest
  @ValueSource(strings = {"'open", "\"open", "a \"b 'c", "end\\"})
  void whatIsNotClosedIsAnError(String text) {
    assertThatThrownBy(() -> ShellWords.split(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void whatIsQuotedComesBack(@ForAll @Size(max = 8) List<String> words) {
    String line =
        words.stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    assertThat(ShellWords.split(line)).isEqualTo(words);
  }
}
