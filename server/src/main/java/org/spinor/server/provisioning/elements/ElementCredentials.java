package org.spinor.server.provisioning.elements;

import java.util.Arrays;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.spinor.server.identity.BrokerException;
import org.spinor.server.identity.OperatorSecrets;
import org.spinor.server.identity.TokenBroker;
import org.spinor.server.pilots.Pilots;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;
import org.spinor.spi.PluginException;
import org.spinor.spi.RefusedException;
import org.spinor.spi.TemporaryException;

/** What one element may have: tokens for computing of its VO, secrets that were kept for it. */
final class ElementCredentials implements Credentials {
  private static final String SSH_KEY = "ssh-key";
  private static final String SSH_CERTIFICATE = "ssh-certificate";

  private final TokenBroker broker;
  private final OperatorSecrets secrets;
  private final Pilots.Queue queue;
  private final Optional<String> vo;
  private final OperatorSecrets.Place place;

  /**
   * @param vo whose pilots the element takes; empty: it serves all VOs and acts for none
   */
  ElementCredentials(
      TokenBroker broker, OperatorSecrets secrets, Pilots.Queue queue, Optional<String> vo) {
    this.broker = broker;
    this.secrets = secrets;
    this.queue = queue;
    this.vo = vo;
    this.place = new OperatorSecrets.Place(Optional.of(queue.site()), Optional.of(queue.ce()), vo);
  }

  @Override
  public Credential.Token token(String scope, String audience) {
    String acting =
        vo.orElseThrow(
            () ->
                new MisconfiguredException(
                    "plug-ins whose elements serve all VOs act for none, so there is no token with scope '%s' at %s"
                        .formatted(scope, audience)));
    SortedSet<String> scopes = new TreeSet<>(Arrays.asList(scope.strip().split("\\s+")));
    if (scopes.stream().anyMatch(each -> each.startsWith("storage."))) {
      throw new RefusedException(
          "computing elements get no tokens for storage: '%s'".formatted(scope));
    }
    return asking(
        () -> {
          TokenBroker.OutsideToken token =
              broker.token(
                  new TokenBroker.Order(
                      acting,
                      scopes,
                      audience,
                      "%s/%s/%s".formatted(queue.site(), queue.ce(), queue.name())));
          return new Credential.Token(token.value(), Optional.of(token.expires()));
        });
  }

  @Override
  public Credential.SshKey sshKey() {
    return asking(
        () -> {
          OperatorSecrets.Found key = found(SSH_KEY);
          // A certificate is of the key beside it, of no other.
          Optional<String> certificate =
              secrets.at(key.place(), SSH_CERTIFICATE).map(OperatorSecrets.Found::text);
          return new Credential.SshKey(key.text(), certificate, Optional.empty());
        });
  }

  @Override
  public Credential.Secret secret(String name) {
    return asking(
        () ->
            new Credential.Secret(found(name).text().replaceFirst("\\R\\z", ""), Optional.empty()));
  }

  private OperatorSecrets.Found found(String name) {
    return secrets
        .find(place, name)
        .orElseThrow(
            () ->
                new BrokerException(
                    BrokerException.Remedy.OPERATOR,
                    "no secret '%s' is kept for this element: spinor admin secrets set %s --site %s --ce %s%s"
                        .formatted(
                            name,
                            name,
                            queue.site(),
                            queue.ce(),
                            vo.map(each -> " --vo " + each).orElse(""))));
  }

  private static <T> T asking(Supplier<T> question) {
    try {
      return question.get();
    } catch (BrokerException e) {
      throw translated(e);
    }
  }

  private static PluginException translated(BrokerException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.remedy()) {
      case OPERATOR -> new MisconfiguredException(message, e);
      case CALLER -> new RefusedException(message, e);
      case LATER -> new TemporaryException(message, e);
    };
  }
}
