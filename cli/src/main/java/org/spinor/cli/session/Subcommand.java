package org.spinor.cli.session;

/**
 * A command within a group of commands. The name stands here as well as in the command's annotation
 * so that only the command that is called is ever looked at: reading the annotations of all of them
 * would take longer than most commands do.
 *
 * @param name as users type it
 */
public record Subcommand(String name, Class<?> type) {}
