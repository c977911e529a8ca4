package org.spinor.cli.pilots;

import picocli.CommandLine.Command;

/** {@code spinor pilots secret}. */
@Command(
    name = "secret",
    description =
        "Make, see and revoke secrets with which machines join by themselves: for images of virtual machines.",
    subcommands = {SecretCreateCommand.class, SecretListCommand.class, SecretRevokeCommand.class},
    footer = {"", "Example:", "  spinor pilots secret create --vo biomed --site VAC.Cloud.org"})
final class PilotSecretCommand {}
