package org.spinor.plugins.testbed.boinc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** What can be asked of a project, operation by operation. */
final class Operations {
  private final WorkUnits units;
  private final String app;
  private final String authenticator;

  Operations(WorkUnits units, String app, String authenticator) {
    this.units = units;
    this.app = app;
    this.authenticator = authenticator;
  }

  String rpc(Request request) {
    return switch (request.name()) {
      case "create_batch" -> createBatch(request);
      case "submit_batch" -> submitBatch(request);
      case "query_batch2" -> queryBatches(request);
      case "query_completed_job" -> queryCompletedJob(request);
      case "abort_jobs" -> abortJobs(request);
      case "retire_batch" -> retireBatch(request);
      default -> throw new RpcException("bad command: " + request.name());
    };
  }

  private void authenticate(Request request) {
    if (!request.text("authenticator").equals(authenticator)) {
      throw new RpcException("bad authenticator");
    }
  }

  private void knowApp(Request request) {
    if (!request.text("app_name").equals(app)) {
      throw new RpcException("no app named " + request.text("app_name") + " was found");
    }
  }

  private String createBatch(Request request) {
    request.only("authenticator", "app_name", "batch_name", "expire_time");
    knowApp(request);
    authenticate(request);
    return "<batch_id>" + units.create(request.text("batch_name")) + "</batch_id>\n";
  }

  private String submitBatch(Request request) {
    request.only("authenticator", "batch");
    Request batch = request.child("batch").only("app_name", "batch_id", "job");
    knowApp(batch);
    authenticate(request);
    Request job =
        batch
            .child("job")
            .only("name", "rsc_fpops_est", "input_file", "input_template", "output_template");
    Request file = job.child("input_file").only("mode", "source");
    if (!file.text("mode").equals("local_staged")) {
      throw new RpcException("unsupported file mode: " + file.text("mode"));
    }
    checkTemplates(job.child("input_template"), job.child("output_template"));
    WorkUnits.Batch known = units.batch(number(batch.text("batch_id")));
    units.fill(known, job.text("name"), file.text("source"));
    return "<batch_id>" + known.id() + "</batch_id>\n";
  }

  private static void checkTemplates(Request input, Request output) {
    input.only("file_info", "workunit");
    Request workunit = input.child("workunit");
    if (input.children("file_info").size() != 1
        || !workunit.child("file_ref").text("open_name").equals("in")) {
      throw new RpcException("wrong # of input files for job 0: need 1");
    }
    for (String one : List.of("min_quorum", "target_nresults", "max_error_results")) {
      if (number(workunit.text(one)) != 1) {
        throw new RpcException("this stand-in runs each work unit once: " + one);
      }
    }
    for (String bound :
        List.of(
            "rsc_fpops_est",
            "rsc_fpops_bound",
            "rsc_memory_bound",
            "rsc_disk_bound",
            "delay_bound")) {
      if (number(workunit.text(bound)) == 0) {
        throw new RpcException("no " + bound + " given");
      }
    }
    if (!output.child("result").child("file_ref").text("open_name").equals("out")) {
      throw new RpcException("the output file is not called out");
    }
  }

  private String queryBatches(Request request) {
    request.only("authenticator", "batch_name", "min_mod_time");
    authenticate(request);
    StringBuilder text = new StringBuilder("<server_time>1.5</server_time>\n");
    StringBuilder jobs = new StringBuilder();
    for (Request name : request.children("batch_name")) {
      WorkUnits.Batch batch =
          units
              .batch(name.text())
              .orElseThrow(() -> new RpcException("no batch named " + name.text()));
      List<WorkUnitRun> all = units.jobsOf(batch);
      jobs.append("   <batch_size>").append(all.size()).append("</batch_size>\n");
      for (WorkUnitRun job : all) {
        jobs.append("    <job>\n        <job_name>")
            .append(job.name)
            .append("</job_name>\n        <status>")
            .append(job.status())
            .append("</status>\n    </job>\n");
      }
    }
    return text.append(jobs).toString();
  }

  private String queryCompletedJob(Request request) {
    request.only("authenticator", "job_name");
    authenticate(request);
    return units.job(request.text("job_name")).ending();
  }

  private String abortJobs(Request request) {
    request.only("authenticator", "job_name");
    authenticate(request);
    StringBuilder text = new StringBuilder();
    for (Request name : request.children("job_name")) {
      try {
        units.job(name.text()).abort();
      } catch (RpcException e) {
        throw new RpcException("no job " + name.text(), e);
      }
      text.append("<aborted ").append(name.text()).append(">\n");
    }
    return text.append("<success>1</success>\n").toString();
  }

  private String retireBatch(Request request) {
    request.only("authenticator", "batch_name");
    authenticate(request);
    WorkUnits.Batch batch =
        units
            .batch(request.text("batch_name"))
            .orElseThrow(() -> new RpcException("no such batch"));
    units.jobsOf(batch).forEach(WorkUnitRun::forgetOutput);
    return "<success>1</success>\n";
  }

  String files(Request request, Form form) {
    request.only("authenticator", "batch_id", "phys_name", "md5");
    authenticate(request);
    units.batch(number(request.text("batch_id")));
    String name = request.text("phys_name");
    if (!name.equals("jf_" + request.text("md5")) || !name.matches("jf_[0-9a-f]{32}")) {
      throw new RpcException("bad name of a file: " + name);
    }
    Path file = units.file(name);
    return switch (request.name()) {
      case "query_files" ->
          "<absent_files>\n" + (Files.exists(file) ? "" : "<file>0</file>\n") + "</absent_files>\n";
      case "upload_files" -> upload(name, file, form.bytes("file_0"));
      default -> throw new RpcException("no such action");
    };
  }

  private static String upload(String name, Path file, byte[] bytes) {
    if (!name.equals("jf_" + md5(bytes))) {
      throw new RpcException("upload_files(): " + name + " has the MD5 " + md5(bytes));
    }
    try {
      Path part = Files.createTempFile(file.getParent(), "upload", "");
      Files.write(part, bytes);
      Files.move(part, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "<success/>\n";
  }

  byte[] output(Map<String, String> asked) {
    if (!"result_file".equals(asked.get("cmd")) || !"0".equals(asked.get("file_num"))) {
      throw new RpcException("bad command");
    }
    String result = String.valueOf(asked.get("result_name"));
    if (!result.endsWith("_0")) {
      throw new RpcException("no job instance " + result);
    }
    WorkUnitRun job = units.job(result.substring(0, result.length() - 2));
    if (!md5((authenticator + result).getBytes(StandardCharsets.UTF_8))
        .equals(asked.get("auth_str"))) {
      throw new RpcException("bad authenticator");
    }
    byte[] output = job.output();
    if (output.length == 0) {
      throw new RpcException("no such file");
    }
    return output;
  }

  private static long number(String text) {
    if (!text.matches("\\d{1,18}")) {
      throw new RpcException("no number: " + text);
    }
    return Long.parseLong(text);
  }

  private static String md5(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
