-- What provisioning knows of each queue besides its configuration.
CREATE TABLE provisioning.queue (
  site text NOT NULL,
  ce text NOT NULL,
  name text NOT NULL,
  -- closed: works; open: it is left alone before retry_at; half-open: one pilot is sent to see
  breaker text NOT NULL DEFAULT 'closed' CHECK (breaker IN ('closed', 'open', 'half-open')),
  -- Failed calls in a row.
  failures int NOT NULL DEFAULT 0,
  -- Pilots in a row that ended without a word.
  deaths int NOT NULL DEFAULT 0,
  retry_at timestamptz,
  last_error text,
  last_error_at timestamptz,
  -- Of the configuration with which it failed: another one is worth a try at once.
  fingerprint text NOT NULL DEFAULT '',
  -- Whoever works on the queue, and until when nobody else does.
  worker text,
  worker_until timestamptz,
  PRIMARY KEY (site, ce, name)
);
