package org.spinor.plugins.computing.batch.ssh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.config.hosts.HostConfigEntryResolver;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;

/**
 * All connections of this plug-in. Queues of the same host and account share one; it is closed when
 * the last of them is.
 */
public final class SshConnections {
  static final AttributeRepository.AttributeKey<Peer> PEER =
      new AttributeRepository.AttributeKey<>();
  private static final Duration HEARTBEAT = Duration.ofSeconds(30);

  /** After so many heartbeats in a row without an answer a connection is given up. */
  private static final int UNANSWERED = 2;

  /**
   * Who is at the other end, whatever address the bytes go to.
   *
   * @param refusal why its key was not believed; outlives the session, which is closed at once
   */
  record Peer(
      Target target, HostKeys keys, AtomicReference<@Nullable MisconfiguredException> refusal) {}

  /** What makes two connections the same. */
  private record Key(List<Target> route, Login login, HostKeys keys) {}

  private record Shared(SshConnection connection, int users) {}

  private enum Kind {
    PLAIN,
    WITH_AGENT
  }

  private final Map<Key, Shared> open = new LinkedHashMap<>();
  private final Map<Kind, SshClient> clients = new EnumMap<>(Kind.class);

  /** A connection; give it back with {@link #release}. */
  synchronized SshConnection take(
      List<Target> route, Login login, HostKeys keys, Credentials credentials) {
    Key key = new Key(route, login, keys);
    Shared shared = open.get(key);
    if (shared == null) {
      shared =
          new Shared(new SshConnection(route, login, keys, credentials, client(login.agent())), 0);
    }
    open.put(key, new Shared(shared.connection(), shared.users() + 1));
    return shared.connection();
  }

  void release(SshConnection connection) {
    List<AutoCloseableQuietly> over = new ArrayList<>();
    synchronized (this) {
      for (Map.Entry<Key, Shared> entry : List.copyOf(open.entrySet())) {
        Shared shared = entry.getValue();
        if (shared.connection() == connection && shared.users() > 1) {
          open.put(entry.getKey(), new Shared(connection, shared.users() - 1));
        } else if (shared.connection() == connection) {
          open.remove(entry.getKey());
          over.add(connection::close);
        }
      }
      if (open.isEmpty()) {
        clients.values().forEach(client -> over.add(client::stop));
        clients.clear();
      }
    }
    over.forEach(AutoCloseableQuietly::close);
  }

  private interface AutoCloseableQuietly {
    void close();
  }

  private SshClient client(boolean agent) {
    return clients.computeIfAbsent(
        agent ? Kind.WITH_AGENT : Kind.PLAIN,
        kind -> {
          SshClient client = SshClient.setUpDefaultClient();
          // Keys come with each session; nothing is taken from the account's own folder.
          client.setKeyIdentityProvider(null);
          client.setHostConfigEntryResolver(HostConfigEntryResolver.EMPTY);
          client.setServerKeyVerifier(SshConnection::verify);
          // With answers: a connection that goes nowhere shows by nothing else for a long time.
          CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, HEARTBEAT);
          CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, UNANSWERED);
          client.addSessionListener(new KnownTypesFirst());
          if (kind == Kind.WITH_AGENT) {
            client.setAgentFactory(new AgentSocket.Factory());
          }
          client.start();
          return client;
        });
  }

  /** Asks hosts for the type of key that is known of them. */
  private static final class KnownTypesFirst implements SessionListener {
    @Override
    public void sessionCreated(Session session) {
      AttributeRepository context =
          session instanceof ClientSession client ? client.getConnectionContext() : null;
      Peer peer = context == null ? null : context.getAttribute(PEER);
      if (peer == null || !peer.keys().fingerprints().isEmpty()) {
        return;
      }
      Set<String> known = peer.keys().types(peer.target());
      List<NamedFactory<Signature>> sorted = new ArrayList<>(session.getSignatureFactories());
      sorted.sort(Comparator.comparingInt(factory -> known.contains(factory.getName()) ? 0 : 1));
      session.setSignatureFactories(sorted);
    }
  }
}
