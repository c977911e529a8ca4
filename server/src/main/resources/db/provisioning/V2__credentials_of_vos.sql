-- VOs without a credential for a queue: their pilots wait, those of other VOs do not.
CREATE TABLE provisioning.vo_pause (
  site text NOT NULL,
  ce text NOT NULL,
  name text NOT NULL,
  vo text NOT NULL,
  -- Refusals in a row.
  failures int NOT NULL DEFAULT 1,
  retry_at timestamptz NOT NULL,
  PRIMARY KEY (site, ce, name, vo)
);
