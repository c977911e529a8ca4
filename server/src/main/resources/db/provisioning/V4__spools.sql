-- Spools of nodes without a way out that the servers answer themselves, each by one server at a time.
CREATE TABLE provisioning.spool (
  -- Which folder of which account on which host, in the plug-in's words.
  place text PRIMARY KEY,
  -- Signs the addresses of sandboxes that are given out there; outlives a change of the server.
  key bytea NOT NULL,
  -- The server that looks at it, and until when no other one does.
  worker text,
  worker_until timestamptz,
  -- What that one found: beginning: nothing yet; up; away: why
  state text NOT NULL DEFAULT 'beginning' CHECK (state IN ('beginning', 'up', 'away')),
  since timestamptz NOT NULL DEFAULT now(),
  why text NOT NULL DEFAULT ''
);
