package org.spinor.cli;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import org.spinor.cli.session.Context;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Makes commands: those with a constructor for the {@link Context} get it. */
final class CommandFactory implements IFactory {
  private final Context context;

  CommandFactory(Context context) {
    this.context = context;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (constructor.getParameterCount() == 1
          && constructor.getParameterTypes()[0] == Context.class) {
        constructor.setAccessible(true);
        try {
          return type.cast(constructor.newInstance(context));
        } catch (InvocationTargetException e) {
          throw e.getCause() instanceof Exception cause ? cause : e;
        }
      }
    }
    return CommandLine.defaultFactory().create(type);
  }
}
