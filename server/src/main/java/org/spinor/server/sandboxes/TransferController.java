package org.spinor.server.sandboxes;

import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.servlet.ServletRequestContext;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Moves bytes of the local store, for whoever brings a signed address. */
@RestController
@RequestMapping("/api/jobs/sandbox")
@Tag(name = "jobs")
final class TransferController {
  private static final int MAX_FIELD = 2_000;
  private static final int MAX_FIELDS = 20;

  private final LocalStore store;
  private final SandboxService sandboxes;

  TransferController(LocalStore store, SandboxService sandboxes) {
    this.store = store;
    this.sandboxes = sandboxes;
  }

  /**
   * Takes a sandbox: multipart/form-data, the signed fields first, then the part {@code file}. The
   * fields are checked before a byte of the file is kept.
   */
  @PostMapping(path = "/upload", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void uploadSandbox(HttpServletRequest request) throws IOException {
    try {
      FileItemIterator parts = new FileUpload().getItemIterator(new ServletRequestContext(request));
      Map<String, String> fields = new HashMap<>();
      while (parts.hasNext()) {
        FileItemStream part = parts.next();
        if ("file".equals(part.getFieldName())) {
          try (InputStream bytes = part.openStream()) {
            sandboxes.receive(ticket(fields), bytes);
          }
          return;
        }
        addField(fields, part);
      }
    } catch (FileUploadException e) {
      throw new SpinorException(
          ErrorCode.INVALID_REQUEST, "no multipart/form-data: " + e.getMessage());
    }
    throw new SpinorException(ErrorCode.INVALID_REQUEST, "the part 'file' is missing");
  }

  private static void addField(Map<String, String> fields, FileItemStream part) throws IOException {
    try (InputStream value = part.openStream()) {
      byte[] bytes = value.readNBytes(MAX_FIELD + 1);
      if (bytes.length > MAX_FIELD || fields.size() >= MAX_FIELDS) {
        throw new SpinorException(ErrorCode.INVALID_REQUEST, "fields too long or too many");
      }
      fields.put(part.getFieldName(), new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private LocalStore.Ticket ticket(Map<String, String> fields) {
    return store
        .ticket(fields)
        .orElseThrow(
            () ->
                new SpinorException(
                    ErrorCode.FORBIDDEN,
                    "Forbidden: the fields are not those of the answer, or they came later than "
                        + SandboxStore.ADDRESS_LIFE.toSeconds()
                        + " s after it"));
  }

  /** Gives the bytes of a sandbox, or a range of them. */
  @GetMapping("/file")
  ResponseEntity<Resource> downloadSandbox(
      @RequestParam String pfn, @RequestParam String expires, @RequestParam String signature) {
    Path file =
        store
            .file(pfn, expires, signature)
            .orElseThrow(
                () ->
                    new SpinorException(
                        ErrorCode.FORBIDDEN, "Forbidden: this address is not good, or no more"));
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_OCTET_STREAM)
        .cacheControl(CacheControl.noStore())
        .body(new FileSystemResource(file));
  }
}
