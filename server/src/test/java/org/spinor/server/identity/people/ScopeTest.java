package org.spinor.server.identity.people;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.spinor.server.identity.FixedConfigurations;

class ScopeTest {
  private final FixedConfigurations configurations = FixedConfigurations.earthAndMars();

  @Test
  void scopeIsASetOfWords() {
    assertThat(
            scope("  property:JobSharing vo:earth\tvo:earth group:experts  property:JobSharing "))
        .isEqualTo(new Scope("earth", "experts", new TreeSet<>(Set.of("JobSharing"))));
    assertThat(scope("vo:earth").group()).as("the default group").isEqualTo("users");
    assertThat(scope("vo:earth property:OwnInvention").properties())
        .as("properties of an extension are known from the groups")
        .containsExactly("OwnInvention");
    assertThat(scope("property:Operator vo:mars property:JobMonitor").text())
        .isEqualTo("vo:mars group:users property:JobMonitor property:Operator");
  }

  @Test
  void wrongScopesAreRefusedInTheWordsOfTheContract() {
    invalid("", "No vo scope requested, available values: 'vo:earth' 'vo:mars'");
    invalid("group:users", "No vo scope requested, available values: 'vo:earth' 'vo:mars'");
    invalid("vo:earth vo:mars", "Only one vo is allowed but got ['earth', 'mars']");
    invalid(
        "vo:earth group:users group:admin",
        "Only one DIRAC group allowed but got ['users', 'admin']");
    invalid("vo:earth openid", "Unrecognised scopes: ['openid']");
    invalid("vo:nope", "VO nope is not known to this installation");
    invalid("vo:earth group:nope", "nope not in earth groups");
    invalid("vo:earth property:Foo", "{'Foo'} are not valid properties");
  }

  @Test
  void memberGetsTheGroupsPropertiesAndThoseAskedFor() {
    assertThat(person("vo:earth group:users property:JobSharing", "s-alice"))
        .isEqualTo(
            new Person(
                "earth:s-alice", "alice", "earth", "users", Set.of("NormalUser", "JobSharing")));
  }

  @Test
  void whoDoesNotBelongIsDenied() {
    denied(
        "vo:earth group:admin",
        "s-alice",
        "User is not a member of the requested group (alice, admin)");
    denied("vo:earth", "s-marvin", "User s-marvin is not registered in the VO earth");
    denied(
        "vo:earth group:users property:JobAdministrator property:Operator",
        "s-alice",
        "JobAdministrator Operator are not valid properties for user alice,"
            + " available values: JobSharing NormalUser");
    configurations.suspend("earth", "s-alice");
    denied("vo:earth", "s-alice", "User alice is suspended in the VO earth");
  }

  @Test
  void groupWithoutTheUserIsClosedEvenIfItExists() {
    configurations.vo(
        "venus", Map.of("v", "venusian"), FixedConfigurations.group("users", Set.of()));
    denied("vo:venus", "v", "User is not a member of the requested group (venusian, users)");
  }

  private Scope scope(String text) {
    return Scope.parse(text, configurations.current());
  }

  private Person person(String scope, String subject) {
    return Memberships.person(configurations.current(), scope(scope), subject, Optional.empty());
  }

  private void invalid(String text, String why) {
    refused(() -> scope(text), ErrorCode.INVALID_REQUEST, why);
  }

  private void denied(String scope, String subject, String why) {
    refused(() -> person(scope, subject), ErrorCode.FORBIDDEN, why);
  }

  private static void refused(ThrowingCallable call, ErrorCode code, String why) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            SpinorException.class, refusal -> assertThat(refusal.code()).isEqualTo(code))
        .hasMessage(why);
  }
}
