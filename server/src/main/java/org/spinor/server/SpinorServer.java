package org.spinor.server;

import java.util.List;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The server as Spring sees it, and the main class. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class SpinorServer {
  public static void main(String[] arguments) {
    Launch launch = new Launch(System.out, System.err);
    int code = launch.run(List.of(arguments));
    if (code != Launch.SERVING) {
      System.exit(code);
    }
  }
}
