package org.spinor.server.pilots.bundles;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

/** The files that pilots fetch: no token, parts of them on demand, nothing sent twice. */
@RestController
final class BundleController {
  private final Bundles bundles;

  BundleController(Bundles bundles) {
    this.bundles = bundles;
  }

  @GetMapping("/pilot/bootstrap.sh")
  @ApiResponse(
      responseCode = "200",
      description = "The POSIX bootstrap",
      content = @Content(mediaType = "text/x-shellscript", schema = @Schema(type = "string")))
  @Nullable ResponseEntity<Resource> bootstrap(WebRequest request) {
    return answer(request, "bootstrap.sh", MediaType.parseMediaType("text/x-shellscript"));
  }

  @GetMapping("/pilot/bundles/{file}")
  @ApiResponse(
      responseCode = "200",
      description = "A bundle, or the checksum of one",
      content = {
        @Content(
            mediaType = "application/gzip",
            schema = @Schema(type = "string", format = "binary")),
        @Content(mediaType = "text/plain", schema = @Schema(type = "string"))
      })
  @Nullable ResponseEntity<Resource> bundle(WebRequest request, @PathVariable String file) {
    if (file.equals("bootstrap.sh")) {
      throw missing(file);
    }
    MediaType type =
        file.endsWith(".sha256")
            ? MediaType.TEXT_PLAIN
            : MediaType.parseMediaType("application/gzip");
    return answer(request, file, type);
  }

  private @Nullable ResponseEntity<Resource> answer(
      WebRequest request, String name, MediaType type) {
    Path file = bundles.file(name).orElseThrow(() -> missing(name));
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      long modified = attributes.lastModifiedTime().toMillis();
      String etag =
          "\"" + Long.toHexString(attributes.size()) + "-" + Long.toHexString(modified) + "\"";
      if (request.checkNotModified(etag, modified)) {
        return null;
      }
      return ResponseEntity.ok()
          .eTag(etag)
          .lastModified(modified)
          .cacheControl(CacheControl.maxAge(Duration.ofMinutes(1)))
          .contentType(type)
          .body(new FileSystemResource(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private SpinorException missing(String name) {
    return new SpinorException(
        ErrorCode.NOT_FOUND,
        "no file '" + name + "' for pilots here; there are " + bundles.names());
  }
}
