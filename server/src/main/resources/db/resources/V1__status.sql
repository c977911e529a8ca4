-- Who may be used. What has no row is Active.
CREATE TABLE resources.status (
  -- Site, ComputeElement, StorageElement, FTS
  element_type text NOT NULL,
  name text NOT NULL,
  -- 'all', or for storage elements ReadAccess, WriteAccess, CheckAccess, RemoveAccess
  status_type text NOT NULL DEFAULT 'all',
  -- 'all', or the one VO that it concerns: that wins
  vo text NOT NULL DEFAULT 'all',
  status text NOT NULL CHECK (status IN ('Active', 'Degraded', 'Probing', 'Banned', 'Error', 'Unknown')),
  reason text NOT NULL,
  changed_by text NOT NULL,
  date_effective timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (element_type, name, status_type, vo)
);

-- Every status that ever was, the present one included.
CREATE TABLE resources.status_history (
  history_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  element_type text NOT NULL,
  name text NOT NULL,
  status_type text NOT NULL,
  vo text NOT NULL,
  status text NOT NULL,
  reason text NOT NULL,
  changed_by text NOT NULL,
  date_effective timestamptz NOT NULL
);
CREATE INDEX status_history_element ON resources.status_history (element_type, name, history_id);
