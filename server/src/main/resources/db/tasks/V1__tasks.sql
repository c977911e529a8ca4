-- Work to do in the background. A row is one piece of one-off work, or a recurrent one (one row a type).
CREATE TABLE tasks.task (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  type        text NOT NULL,
  payload     text NOT NULL,
  recurrent   boolean NOT NULL DEFAULT false,
  state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'dead')),
  -- due from then on (waiting)
  run_at      timestamptz NOT NULL DEFAULT now(),
  -- whoever works on it holds it until then (running)
  lease_until timestamptz,
  leased_by   text,
  -- counts claims, ever: who was claimed away from cannot sign any more
  claim       bigint NOT NULL DEFAULT 0,
  -- since the last success
  tries       integer NOT NULL DEFAULT 0,
  -- wanted again while it was running (recurrent)
  again       boolean NOT NULL DEFAULT false,
  last_error  text,
  created     timestamptz NOT NULL DEFAULT now(),
  CHECK ((state = 'running') = (lease_until IS NOT NULL))
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);

CREATE UNIQUE INDEX task_recurrent ON tasks.task (type) WHERE recurrent;
CREATE INDEX task_due ON tasks.task (type, run_at) WHERE state = 'waiting';
CREATE INDEX task_leases ON tasks.task (lease_until) WHERE state = 'running';
CREATE INDEX task_dead ON tasks.task (id) WHERE state = 'dead';
