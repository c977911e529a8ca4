package org.spinor.server.sandboxes;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.spinor.api.AttemptId;
import org.spinor.api.ErrorCode;
import org.spinor.api.SandboxDownload;
import org.spinor.api.SandboxInfo;
import org.spinor.api.SandboxUpload;
import org.spinor.api.SpinorException;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configurations;
import org.spinor.server.database.Transactions;
import org.spinor.server.identity.Caller;
import org.spinor.server.jobs.Jobs;
import org.spinor.server.sandboxes.SandboxTable.Known;
import org.springframework.stereotype.Component;

/** Sandboxes in, out, and to whom they belong. */
@Component
final class SandboxService {
  private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{64}");
  private static final Set<String> FORMATS = Set.of("tar.bz2", "tar.zst");

  private final SandboxProperties properties;
  private final SandboxTable table;
  private final Stores stores;
  private final Inventory inventory;
  private final Jobs jobs;
  private final Configurations configurations;
  private final Transactions transactions;

  SandboxService(
      SandboxProperties properties,
      SandboxTable table,
      Stores stores,
      Inventory inventory,
      Jobs jobs,
      Configurations configurations,
      Transactions transactions) {
    this.properties = properties;
    this.table = table;
    this.stores = stores;
    this.inventory = inventory;
    this.jobs = jobs;
    this.configurations = configurations;
    this.transactions = transactions;
  }

  /**
   * Announces a sandbox. Its bytes need not be sent where this owner sent the same before; that
   * somebody else did is not told, or a checksum alone would open what it belongs to.
   */
  SandboxUpload announce(Caller caller, SandboxInfo info, URI server) {
    requireOwnJob(caller);
    SandboxName name = name(caller, info);
    Known row = inventory.announced(name, info.size());
    if (row.stored()) {
      return new SandboxUpload(name.toString(), null, Map.of());
    }
    SandboxStore.UploadAddress address =
        stores
            .of(row.store())
            .upload(name, new Blob(info.checksum(), info.format(), info.size()), server);
    return new SandboxUpload(name.toString(), address.url(), address.fields());
  }

  private SandboxName name(Caller caller, SandboxInfo info) {
    if (!info.checksumAlgorithm().equals("sha256")) {
      throw unprocessable("checksum_algorithm is sha256, not " + info.checksumAlgorithm());
    }
    if (!CHECKSUM.matcher(info.checksum()).matches()) {
      throw unprocessable("checksum: expected 64 digits 0-9 a-f");
    }
    if (!FORMATS.contains(info.format())) {
      throw unprocessable("format is tar.bz2 or tar.zst, not " + info.format());
    }
    if (info.size() < 1) {
      throw unprocessable("size is at least 1 byte");
    }
    long most = properties.maxSize().toBytes();
    if (info.size() > most) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST, "Sandbox too large, maximum allowed is " + most + " bytes");
    }
    SandboxName name =
        new SandboxName(
            properties.bucket(),
            caller.vo(),
            caller.group(),
            caller.username(),
            info.checksum(),
            info.format());
    if (SandboxName.parse(name.toString()).filter(name::equals).isEmpty()) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST,
          "no sandbox can be named after " + caller.username() + " in " + caller.group());
    }
    return name;
  }

  /** Takes the bytes of an announced sandbox into the local store. */
  void receive(LocalStore.Ticket ticket, InputStream bytes) throws IOException {
    if (ticket.blob().size() > properties.maxSize().toBytes()) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST,
          "Sandbox too large, maximum allowed is " + properties.maxSize().toBytes() + " bytes");
    }
    try (LocalStore.Received received = stores.local().receive(ticket, bytes)) {
      transactions.run(
          () -> {
            table.lockBytes(List.of(ticket.blob().checksum()));
            table.register(ticket.name(), ticket.blob().size(), LocalStore.ID);
            table.stored(ticket.name(), LocalStore.ID, true);
            received.keep();
          });
    }
  }

  /** An address for the bytes. */
  SandboxDownload download(Caller caller, String pfn, URI server) {
    SandboxName name =
        SandboxName.parse(pfn)
            .orElseThrow(() -> unprocessable("'" + pfn + "' is no name of a sandbox"));
    requireMayRead(caller, name);
    Known row = find(name).orElseThrow(() -> notFound(pfn));
    table.accessed(row.id());
    return new SandboxDownload(
        stores.of(row.store()).download(name, server), (int) SandboxStore.ADDRESS_LIFE.toSeconds());
  }

  private void requireMayRead(Caller caller, SandboxName name) {
    Optional<AttemptId> payload = caller.attempt();
    if (payload.isPresent()) {
      requireOwnJob(caller);
      long job = payload.get().jobId().value();
      if (!table.of(job, Direction.Input, properties.bucket()).contains(name)) {
        throw new SpinorException(ErrorCode.FORBIDDEN, "Forbidden: no input sandbox of job " + job);
      }
      return;
    }
    boolean may =
        switch (caller.reach()) {
          case ALL -> true;
          case VO -> caller.vo().equals(name.vo());
          case OWN -> caller.vo().equals(name.vo()) && isOwn(caller, name);
        };
    if (!may) {
      throw new SpinorException(
          ErrorCode.FORBIDDEN,
          "Invalid PFN. PFN must start with /S3/%s/%s/%s/%s/"
              .formatted(properties.bucket(), caller.vo(), caller.group(), caller.username()));
    }
  }

  private boolean isOwn(Caller caller, SandboxName name) {
    return caller.username().equals(name.owner())
        || (caller.group().equals(name.ownerGroup()) && isShared(name));
  }

  /** Members of a group whose jobs are one pot see each other's sandboxes. */
  private boolean isShared(SandboxName name) {
    Configuration.Vo vo = configurations.current().registry().get(name.vo());
    return vo != null
        && vo.groups().containsKey(name.ownerGroup())
        && vo.groups().get(name.ownerGroup()).jobSharing();
  }

  /** The sandboxes of a job, without the store's name. */
  List<String> of(Caller caller, long jobId, Direction direction) {
    jobs.requireReach(caller, List.of(jobId));
    return table.of(jobId, direction, properties.bucket()).stream().map(SandboxName::path).toList();
  }

  /** Gives a job one of its outputs. */
  void assignOutput(Caller caller, long jobId, String pfn) {
    jobs.requireReach(caller, List.of(jobId));
    SandboxName name =
        SandboxName.parse(pfn)
            .orElseThrow(() -> unprocessable("'" + pfn + "' is no name of a sandbox"));
    Jobs.Summary job =
        jobs.find(jobId).orElseThrow(() -> new SpinorException(ErrorCode.NOT_FOUND, "no such job"));
    boolean belongs = job.vo().equals(name.vo()) && job.owner().equals(name.owner());
    if (!belongs && !(job.ownerGroup().equals(name.ownerGroup()) && isShared(name))) {
      throw new SpinorException(
          ErrorCode.FORBIDDEN, job.owner() + " is not the owner of the sandbox");
    }
    long id =
        find(name)
            .orElseThrow(() -> new SpinorException(ErrorCode.INVALID_REQUEST, "Sandbox not found"))
            .id();
    transactions.run(
        () -> {
          if (table.hold(List.of(id)) == 0) {
            throw new SpinorException(ErrorCode.INVALID_REQUEST, "Sandbox not found");
          }
          if (!table.assign(new SandboxTable.Assignment(jobId, Direction.Output, id))) {
            throw new SpinorException(ErrorCode.INVALID_REQUEST, "Sandbox already assigned");
          }
        });
  }

  /** Lets go of all sandboxes of these jobs. */
  void unassign(Caller caller, Collection<Long> jobIds) {
    jobs.requireReach(caller, jobIds);
    transactions.run(() -> table.release(jobIds));
  }

  private Optional<Known> find(SandboxName name) {
    return name.bucket().equals(properties.bucket())
        ? Optional.ofNullable(inventory.find(List.of(name)).get(name))
        : Optional.empty();
  }

  /** What a payload does here it does for its job: not after its attempt has ended. */
  private void requireOwnJob(Caller caller) {
    caller
        .attempt()
        .ifPresent(attempt -> jobs.requireReach(caller, List.of(attempt.jobId().value())));
  }

  private static SpinorException notFound(String pfn) {
    return new SpinorException(
        ErrorCode.INVALID_REQUEST,
        "Sandbox with " + pfn + " and " + SandboxName.STORE + " not found");
  }

  private static SpinorException unprocessable(String text) {
    return new SpinorException(ErrorCode.UNPROCESSABLE, text);
  }
}
