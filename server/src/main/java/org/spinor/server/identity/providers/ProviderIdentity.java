package org.spinor.server.identity.providers;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who somebody is to an identity provider that has just let them in.
 *
 * @param issuer of the ID token
 * @param subject {@code sub}
 * @param username where the provider gives one
 * @param groups values of the claim that the VO's configuration names
 */
public record ProviderIdentity(
    String issuer, String subject, Optional<String> username, SortedSet<String> groups) {
  public ProviderIdentity {
    groups = new TreeSet<>(groups);
  }
}
