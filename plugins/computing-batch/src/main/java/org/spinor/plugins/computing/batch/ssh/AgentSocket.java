package org.spinor.plugins.computing.batch.ssh;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.agent.SshAgent;
import org.apache.sshd.agent.SshAgentFactory;
import org.apache.sshd.agent.SshAgentServer;
import org.apache.sshd.agent.common.AbstractAgentProxy;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.channel.ChannelFactory;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.jspecify.annotations.Nullable;

/** The SSH agent of the account under which the server runs, at {@code SSH_AUTH_SOCK}. */
final class AgentSocket extends AbstractAgentProxy {
  private static final int MOST = 1024 * 1024;

  private final SocketChannel channel;

  private AgentSocket(Path socket) throws IOException {
    super(null);
    this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      channel.close();
      throw new IOException("no SSH agent listens at " + socket, e);
    }
  }

  /** Agents for the sessions that want one. */
  static final class Factory implements SshAgentFactory {
    @Override
    public List<ChannelFactory> getChannelForwardingFactories(FactoryManager manager) {
      return List.of();
    }

    @Override
    public @Nullable SshAgent createClient(@Nullable Session session, FactoryManager manager)
        throws IOException {
      String socket = System.getenv("SSH_AUTH_SOCK");
      if (socket == null || socket.isEmpty()) {
        throw new IOException("SSHAgent is set, and SSH_AUTH_SOCK is not");
      }
      return new AgentSocket(Path.of(socket));
    }

    @Override
    public SshAgentServer createServer(ConnectionService service) throws IOException {
      throw new IOException("agents are not forwarded");
    }
  }

  @Override
  protected synchronized Buffer request(Buffer buffer) throws IOException {
    send(ByteBuffer.wrap(buffer.array(), buffer.rpos(), buffer.available()));
    ByteBuffer length = receive(Integer.BYTES);
    int size = length.getInt();
    if (size < 1 || size > MOST) {
      throw new IOException("the SSH agent answers " + size + " bytes");
    }
    return new ByteArrayBuffer(receive(size).array());
  }

  private void send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private ByteBuffer receive(int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new IOException("the SSH agent hung up");
      }
    }
    return bytes.flip();
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
