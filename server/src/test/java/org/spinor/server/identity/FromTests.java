package org.spinor.server.identity;

import java.io.IOException;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;
import org.springframework.core.type.filter.TypeFilter;

/** Classes of the tests, which other tests shall not find by scanning. */
public final class FromTests implements TypeFilter {
  @Override
  public boolean match(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
    return reader.getResource().getURL().toString().contains("/test-classes/");
  }
}
