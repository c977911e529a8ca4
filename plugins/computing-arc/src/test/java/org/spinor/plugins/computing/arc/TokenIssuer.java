package org.spinor.plugins.computing.arc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.spinor.plugins.grid.pki.PemCredential;
import org.spinor.plugins.testbed.Arex;
import org.spinor.spi.Credential;
import org.spinor.spi.Credentials;
import org.spinor.spi.MisconfiguredException;

/** An identity provider whose keys A-REX fetches by HTTPS, and the tokens that it issues. */
final class TokenIssuer implements Credentials, AutoCloseable {
  private static final String KEY = "k1";

  private final KeyPair keys;
  private final HttpsServer server;

  TokenIssuer(Arex arex) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      keys = generator.generateKeyPair();
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls(arex)));
      // A-REX keeps a connection; one thread would serve nobody else.
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/.well-known/openid-configuration",
          exchange ->
              answer(
                  exchange,
                  "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$s/jwks\"}".formatted(issuer())));
      server.createContext("/jwks", exchange -> answer(exchange, jwks()));
      server.start();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SSLContext tls(Arex arex) throws GeneralSecurityException, IOException {
    PemCredential host =
        PemCredential.parse(
            Files.readString(arex.folder().resolve("hostcert.pem"))
                + Files.readString(arex.folder().resolve("hostkey.pem")),
            "host");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "host", host.key(), new char[0], host.chain().toArray(new X509Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  String issuer() {
    return "https://localhost:" + server.getAddress().getPort();
  }

  private String jwks() {
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    return "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}]}"
        .formatted(KEY, number(key.getModulus()), number(key.getPublicExponent()));
  }

  private static String number(BigInteger number) {
    byte[] bytes = number.toByteArray();
    // without the byte of the sign
    int start = bytes[0] == 0 ? 1 : 0;
    return encoded(java.util.Arrays.copyOfRange(bytes, start, bytes.length));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public Credential.Token token(String scope, String audience) {
    Instant now = Instant.now();
    Instant end = now.plus(Duration.ofMinutes(20));
    String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}".formatted(KEY);
    String claims =
        "{\"iss\":\"%s\",\"sub\":\"pilots\",\"aud\":\"%s\",\"scope\":\"%s\",\"iat\":%d,\"nbf\":%d,\"exp\":%d,\"wlcg.ver\":\"1.0\"}"
            .formatted(
                issuer(),
                audience,
                scope,
                now.getEpochSecond(),
                now.getEpochSecond() - 60,
                end.getEpochSecond());
    String text =
        encoded(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + encoded(claims.getBytes(StandardCharsets.UTF_8));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return new Credential.Token(text + "." + encoded(signature.sign()), Optional.of(end));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Credential.SshKey sshKey() {
    throw new MisconfiguredException("none");
  }

  @Override
  public Credential.Secret secret(String name) {
    throw new MisconfiguredException("none");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
