package org.spinor.server.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.spinor.api.ErrorCode;
import org.spinor.api.SpinorException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses bodies that are too large, before and while they are read, and clients that are too old.
 * Uploads (multipart) have limits of their own where they are read.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 30)
final class RequestLimits extends OncePerRequestFilter {
  private final long maxBytes;

  RequestLimits(WebProperties properties) {
    this.maxBytes = properties.maxRequestSize().toBytes();
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      ClientVersion.require(request.getHeader("DiracX-Client-Version"));
      if (isUpload(request)) {
        chain.doFilter(request, response);
        return;
      }
      if (request.getContentLengthLong() > maxBytes) {
        throw tooLarge();
      }
      boolean unknownLength = request.getContentLengthLong() < 0;
      chain.doFilter(unknownLength ? new Limited(request) : request, response);
    } catch (SpinorException e) {
      Problems.write(response, e);
    }
  }

  private static boolean isUpload(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null && type.startsWith("multipart/");
  }

  private SpinorException tooLarge() {
    return new SpinorException(
        ErrorCode.TOO_LARGE, "the request is larger than " + maxBytes / 1024 / 1024 + " MB");
  }

  private final class Limited extends HttpServletRequestWrapper {
    private @Nullable ServletInputStream stream;

    Limited(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      if (stream == null) {
        stream = new CountedStream(super.getInputStream());
      }
      return stream;
    }
  }

  private final class CountedStream extends ServletInputStream {
    private final ServletInputStream source;
    private long seen;

    CountedStream(ServletInputStream source) {
      this.source = source;
    }

    private int count(int read) {
      seen += Math.max(read, 0);
      if (seen > maxBytes) {
        throw tooLarge();
      }
      return read;
    }

    @Override
    public int read() throws IOException {
      int value = source.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return count(source.read(bytes, offset, length));
    }

    @Override
    public boolean isFinished() {
      return source.isFinished();
    }

    @Override
    public boolean isReady() {
      return source.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      source.setReadListener(listener);
    }
  }
}
