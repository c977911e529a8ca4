package org.spinor.it.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** As much of a browser as pages without scripts need: cookies, redirects, forms. */
final class Browser {
  private static final Pattern HIDDEN =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\">");
  private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new LocalCookies())
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

  /** Browsers take localhost for safe: cookies that are Secure go there over HTTP too. */
  private static final class LocalCookies extends CookieManager {
    @Override
    public void put(URI page, Map<String, List<String>> headers) throws IOException {
      Map<String, List<String>> plain = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.forEach(
          (name, values) ->
              plain.put(
                  name,
                  values.stream()
                      .map(value -> value.replaceAll("(?i);\\s*Secure(?=;|$)", ""))
                      .toList()));
      super.put(page, plain);
    }
  }

  HttpResponse<String> open(URI page) {
    return send(HttpRequest.newBuilder(page).GET());
  }

  /** Sends the form of a page with these fields filled in. */
  HttpResponse<String> fill(HttpResponse<String> page, Map<String, String> fields) {
    Matcher form = ACTION.matcher(page.body());
    if (page.statusCode() != 200 || !form.find()) {
      throw new AssertionError("no form: " + page.statusCode() + " " + page.body());
    }
    Map<String, String> all = new TreeMap<>();
    Matcher hidden = HIDDEN.matcher(page.body());
    while (hidden.find()) {
      all.put(hidden.group(1), hidden.group(2));
    }
    all.putAll(fields);
    String body =
        all.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        HttpRequest.newBuilder(page.uri().resolve(form.group(1).replace("&amp;", "&")))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(
          request.header("Accept", "text/html").build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
