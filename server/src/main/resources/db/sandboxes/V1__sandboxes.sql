-- One row for each content of each owner. The bytes are kept once, whoever they belong to.
CREATE TABLE sandboxes.sandbox (
  sandbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  size bigint NOT NULL,
  registered timestamptz NOT NULL DEFAULT now(),
  last_access timestamptz NOT NULL DEFAULT now(),
  -- When the last job let go of it.
  orphaned timestamptz,
  -- Whether the bytes have come.
  stored boolean NOT NULL DEFAULT false,
  -- Whether a job ever had it.
  assigned boolean NOT NULL DEFAULT false,
  checksum text NOT NULL,
  format text NOT NULL,
  vo text NOT NULL,
  owner_group text NOT NULL,
  owner text NOT NULL,
  UNIQUE (checksum, format, vo, owner_group, owner)
);

CREATE TABLE sandboxes.assignment (
  job_id bigint NOT NULL,
  sandbox_id bigint NOT NULL,
  direction text NOT NULL,
  PRIMARY KEY (job_id, direction, sandbox_id)
);
CREATE INDEX assignment_sandbox ON sandboxes.assignment (sandbox_id);
