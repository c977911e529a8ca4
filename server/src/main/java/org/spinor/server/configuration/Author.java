package org.spinor.server.configuration;

/**
 * Who changes the configuration: a parameter of controllers, filled from the token by room
 * identity, which knows tokens and stands above this room.
 *
 * @param subject {@code <vo>:<sub>}
 * @param username preferred user name
 * @param address from where the request came
 */
public record Author(String subject, String username, String vo, String group, String address) {}
