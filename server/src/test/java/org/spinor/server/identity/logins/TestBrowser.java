package org.spinor.server.identity.logins;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.web.util.HtmlUtils;

/** As much of a browser as a page without scripts needs: cookies, redirects, hidden fields. */
final class TestBrowser {
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");
  private static final Pattern ACTION =
      Pattern.compile("<form method=\"post\" action=\"([^\"]+)\"");

  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> cookies = new LinkedHashMap<>();

  /**
   * @param address of the page, after redirects
   */
  record Shown(int status, URI address, Map<String, String> headers, String text) {
    Map<String, String> hidden() {
      Map<String, String> fields = new LinkedHashMap<>();
      Matcher field = HIDDEN.matcher(text);
      while (field.find()) {
        fields.put(field.group(1), HtmlUtils.htmlUnescape(field.group(2)));
      }
      return fields;
    }

    URI action() {
      Matcher form = ACTION.matcher(text);
      assertThat(form.find()).as("a form in " + text).isTrue();
      return address.resolve(form.group(1));
    }

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    String location() {
      return header("location").orElse("");
    }
  }

  Map<String, String> cookies() {
    return cookies;
  }

  /** The page behind an address, redirects within the same host followed. */
  Shown open(String address) throws Exception {
    return follow(step(address));
  }

  /** One request, no redirect followed. */
  Shown step(String address) throws Exception {
    return send(HttpRequest.newBuilder(URI.create(address)).GET());
  }

  /** Fills in the form of a page, besides its hidden fields, and goes where the answer leads. */
  Shown fill(Shown page, Map<String, String> fields) throws Exception {
    return follow(submit(page, fields));
  }

  /** The same without going where the answer leads. */
  Shown submit(Shown page, Map<String, String> fields) throws Exception {
    Map<String, String> all = new LinkedHashMap<>(page.hidden());
    all.putAll(fields);
    return post(page.action(), all);
  }

  Shown post(URI address, Map<String, String> fields) throws Exception {
    String body =
        fields.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private Shown follow(Shown first) throws Exception {
    Shown page = first;
    for (int i = 0; i < 10 && page.status() / 100 == 3; i++) {
      URI next = page.address().resolve(page.location());
      if (!"localhost".equals(next.getHost())) {
        return page;
      }
      page = step(next.toString());
    }
    return page;
  }

  private Shown send(HttpRequest.Builder request) throws Exception {
    request.header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          cookies.entrySet().stream()
              .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
              .collect(Collectors.joining("; ")));
    }
    HttpRequest sent = request.build();
    HttpResponse<String> answer = http.send(sent, HttpResponse.BodyHandlers.ofString());
    for (String cookie : answer.headers().allValues("set-cookie")) {
      String[] pair = cookie.split(";", 2)[0].split("=", 2);
      cookies.put(pair[0], pair[1]);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    answer.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    return new Shown(answer.statusCode(), sent.uri(), headers, answer.body());
  }
}
