package org.spinor.server.identity.logins;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.spinor.server.configuration.Configuration;
import org.spinor.server.configuration.Configuration.Group;
import org.spinor.server.configuration.Configuration.Vo;
import org.spinor.server.identity.people.Scope;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.util.HtmlUtils;

/** The pages of a login: plain HTML that works without scripts. */
final class LoginPages {
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
          + " frame-ancestors 'none'; form-action 'self'";

  private LoginPages() {}

  private static String plain(String text) {
    return HtmlUtils.htmlEscape(text, "UTF-8");
  }

  private static ResponseEntity<String> page(
      int status, String title, String body, Optional<String> leadsTo) {
    String html =
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>%s - Spinor</title>
        <link rel="stylesheet" href="/login.css">
        </head>
        <body>
        <main>
        <h1>%s</h1>
        %s
        </main>
        </body>
        </html>
        """
            .formatted(plain(title), plain(title), body);
    return ResponseEntity.status(HttpStatusCode.valueOf(status))
        // after a form browsers follow a redirect only to where the policy says
        .header("Content-Security-Policy", POLICY + leadsTo.map(to -> " " + to).orElse(""))
        .contentType(new MediaType(MediaType.TEXT_HTML, UTF_8))
        .body(html);
  }

  /** Something to read and nothing to do. */
  static ResponseEntity<String> message(int status, String title, String text) {
    return page(status, title, "<p>" + plain(text) + "</p>", Optional.empty());
  }

  /** Where the code of a device is typed. */
  static ResponseEntity<String> enterCode(int status, @Nullable String problem) {
    String body =
        """
        %s<form method="get" action="/api/auth/device">
        <label for="user_code">The code that your terminal or device shows</label>
        <input id="user_code" name="user_code" required maxlength="20" autocomplete="off"
          autocapitalize="characters" spellcheck="false" autofocus>
        <button>Go on</button>
        </form>
        """
            .formatted(alert(problem));
    return page(status, "Log in a device", body, Optional.empty());
  }

  private static String alert(@Nullable String problem) {
    return problem == null ? "" : "<p class=\"bad\" role=\"alert\">" + plain(problem) + "</p>\n";
  }

  /** Name and password of a local account. */
  static ResponseEntity<String> login(
      int status,
      LoginFlow flow,
      Configuration configuration,
      String username,
      @Nullable String problem) {
    Scope scope = Scope.parse(flow.scope(), configuration);
    String body =
        """
        %s%s<form method="post" action="/api/auth/login">
        %s<label for="username">User name</label>
        <input id="username" name="username" value="%s" required autocomplete="username"
          autocapitalize="none" spellcheck="false"%s>
        <label for="password">Password</label>
        <input id="password" name="password" type="password" required
          autocomplete="current-password"%s>
        <button name="answer" value="login">Log in</button>
        <button name="answer" value="cancel" formnovalidate class="quiet">Cancel</button>
        </form>
        <p class="help">%s</p>
        """
            .formatted(
                alert(problem),
                asked(flow, scope, configuration),
                hidden(flow),
                plain(username),
                username.isEmpty() ? " autofocus" : "",
                username.isEmpty() ? "" : " autofocus",
                support(configuration, scope.vo()));
    return page(status, "Log in to " + scope.vo(), body, origin(flow));
  }

  /** Whether a device may act for the user. */
  static ResponseEntity<String> confirm(
      LoginFlow flow, Configuration configuration, String username) {
    Scope scope = Scope.parse(flow.scope(), configuration);
    String code = flow.userCode() == null ? "" : flow.userCode();
    String shown = code.length() == 8 ? code.substring(0, 4) + "-" + code.substring(4) : code;
    String body =
        """
        <p>You are logged in as <strong>%s</strong>. A program on a terminal or device wants to act for you:</p>
        %s<p>Allow it only if you have started this yourself, and your terminal shows the code <strong class="code">%s</strong>.
        Whoever sent you a link to this page would get your rights.</p>
        <form method="post" action="/api/auth/device/confirm">
        %s<button name="answer" value="allow">Allow</button>
        <button name="answer" value="refuse" class="quiet">Refuse</button>
        </form>
        """
            .formatted(
                plain(username), asked(flow, scope, configuration), plain(shown), hidden(flow));
    return page(200, "Allow this login?", body, Optional.empty());
  }

  private static String hidden(LoginFlow flow) {
    String token = flow.browser() == null ? "" : flow.browser().formToken();
    return """
        <input type="hidden" name="flow" value="%s">
        <input type="hidden" name="form" value="%s">
        """
        .formatted(flow.id(), plain(token));
  }

  private static String asked(LoginFlow flow, Scope scope, Configuration configuration) {
    SortedSet<String> rights = new TreeSet<>(scope.properties());
    Vo vo = configuration.registry().get(scope.vo());
    Group group = vo == null ? null : vo.groups().get(scope.group());
    rights.addAll(group == null ? List.of() : group.properties());
    return """
        <dl>
        <dt>Asked for by</dt><dd>%s</dd>
        <dt>Virtual organisation</dt><dd>%s</dd>
        <dt>Group</dt><dd>%s</dd>
        <dt>Rights</dt><dd>%s</dd>
        </dl>
        """
        .formatted(
            plain(
                origin(flow)
                    .map(page -> "the web page " + page)
                    .orElse("a program on a terminal or device (" + flow.client() + ")")),
            plain(scope.vo()),
            plain(scope.group()),
            plain(String.join(", ", rights)));
  }

  private static Optional<String> origin(LoginFlow flow) {
    return Optional.ofNullable(flow.page())
        .map(page -> URI.create(page.redirectUri().replaceFirst("[?#].*", "")))
        .map(page -> page.getScheme() + "://" + page.getRawAuthority());
  }

  private static String support(Configuration configuration, String name) {
    Vo vo = configuration.registry().get(name);
    if (vo == null) {
      return "";
    }
    String webpage = vo.support().webpage();
    String email = vo.support().email();
    String where =
        webpage != null
            ? " <a href=\"%s\">%s</a>".formatted(plain(webpage), plain(webpage))
            : email != null
                ? " <a href=\"mailto:%s\">%s</a>".formatted(plain(email), plain(email))
                : "";
    return plain(vo.support().message()) + where;
  }
}
