-- Which store has the bytes, or is to get them: local or s3.
ALTER TABLE sandboxes.sandbox ADD COLUMN store text NOT NULL DEFAULT 'local';
ALTER TABLE sandboxes.sandbox ALTER COLUMN store DROP DEFAULT;

-- Bytes whose row is gone, until they are gone too: a store may be away when their time comes.
CREATE TABLE sandboxes.leftover (
  leftover_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Not tried before this time.
  due timestamptz NOT NULL DEFAULT now(),
  store text NOT NULL,
  checksum text NOT NULL,
  format text NOT NULL,
  vo text NOT NULL,
  owner_group text NOT NULL,
  owner text NOT NULL
);
CREATE INDEX leftover_due ON sandboxes.leftover (store, due);

-- What the cleaning looks for.
CREATE INDEX sandbox_unassigned ON sandboxes.sandbox (last_access) WHERE NOT assigned;
CREATE INDEX sandbox_orphaned ON sandboxes.sandbox (orphaned) WHERE orphaned IS NOT NULL;
