package org.spinor.server.database;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the data live.
 *
 * @param data the data folder ({@code --data}): embedded database, sandboxes, keys
 * @param dbUrl an external PostgreSQL ({@code --db-url}), as {@code
 *     postgresql://user:password@host:5432/spinor}; empty: the embedded one
 * @param poolSize connections this server holds at most
 */
@ConfigurationProperties("spinor")
record DatabaseProperties(
    @DefaultValue("spinor-data") String data,
    @DefaultValue("") String dbUrl,
    @DefaultValue("16") int poolSize) {}
