-- Each value is the first of a block of numbers.
CREATE SEQUENCE jobs.job_id INCREMENT BY 1000;

-- What was submitted, once for all jobs of a submission.
CREATE TABLE jobs.template (
  -- The number of its first job.
  template_id bigint PRIMARY KEY,
  original text NOT NULL,
  checked text NOT NULL,
  -- Jobs that still refer to it; the last one removed takes it along.
  jobs_left int NOT NULL
);

CREATE TABLE jobs.job (
  job_id bigint PRIMARY KEY,
  template_id bigint NOT NULL,
  submission_time timestamptz NOT NULL DEFAULT now(),
  reschedule_time timestamptz,
  last_update_time timestamptz NOT NULL DEFAULT now(),
  start_exec_time timestamptz,
  heart_beat_time timestamptz,
  end_exec_time timestamptz,
  -- The newest time of a status report that counted: what is older only enters the log.
  status_time timestamptz NOT NULL DEFAULT now(),
  parameter_number int,
  class_number int NOT NULL,
  user_priority int NOT NULL,
  reschedule_counter int NOT NULL DEFAULT 0,
  attempt int NOT NULL DEFAULT 0,
  -- Attempts lost to the infrastructure since the submission or the last reschedule.
  infrastructure_failures int NOT NULL DEFAULT 0,
  verified_flag boolean NOT NULL DEFAULT true,
  accounted_flag text NOT NULL DEFAULT 'False',
  job_type text NOT NULL,
  job_group text NOT NULL,
  -- Where it runs; while it waits, what it asks for.
  site text NOT NULL,
  wanted_site text NOT NULL,
  job_name text NOT NULL,
  owner text NOT NULL,
  owner_group text NOT NULL,
  vo text NOT NULL,
  status text NOT NULL,
  minor_status text NOT NULL,
  application_status text NOT NULL
) WITH (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- Every change of a status writes into each of these: there is one index for each question that must not scan, and no more.
CREATE INDEX job_waiting ON jobs.job (class_number, user_priority DESC, job_id) WHERE status = 'Waiting';
CREATE INDEX job_owner ON jobs.job (vo, owner, job_id);
CREATE INDEX job_group ON jobs.job (job_group, job_id) WHERE job_group <> '00000000';
-- What people look for among many: what runs, what failed. Of the two states in which most jobs are, any page is found quickly.
CREATE INDEX job_status ON jobs.job (status, job_id) WHERE status NOT IN ('Waiting', 'Done');

-- Each try at running a job, kept as long as the job.
CREATE TABLE jobs.attempt (
  job_id bigint NOT NULL,
  attempt int NOT NULL,
  class_number int NOT NULL,
  cores int NOT NULL,
  memory_mb bigint NOT NULL,
  started timestamptz NOT NULL,
  ended timestamptz,
  pilot_stamp text NOT NULL,
  request_id text NOT NULL,
  site text NOT NULL,
  ce text NOT NULL,
  outcome text,
  reason text,
  PRIMARY KEY (job_id, attempt)
);
CREATE INDEX attempt_pilot ON jobs.attempt (pilot_stamp, request_id);

-- The attempts that live. No index on the time, so that a renewal touches no index; whoever looks for expired ones reads it all.
CREATE TABLE jobs.lease (
  job_id bigint PRIMARY KEY,
  attempt int NOT NULL,
  lease_seconds int NOT NULL,
  lease_until timestamptz NOT NULL,
  -- The newest time that the attempt itself reported, by its own clock.
  last_report timestamptz,
  pilot_stamp text NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- When the keeper of the leases last looked: after a longer absence of all servers nobody is late.
CREATE TABLE jobs.lease_keeper (
  seen timestamptz NOT NULL
);
INSERT INTO jobs.lease_keeper VALUES (now());

-- What happened to each job. A value that a report did not carry is NULL: it stays what it was.
CREATE TABLE jobs.logging (
  job_id bigint NOT NULL,
  logged timestamptz NOT NULL DEFAULT now(),
  seq bigint GENERATED ALWAYS AS IDENTITY,
  status_time timestamptz NOT NULL,
  attempt int NOT NULL,
  status text,
  minor_status text,
  application_status text,
  source text NOT NULL
) PARTITION BY RANGE (logged);
CREATE INDEX logging_job ON jobs.logging (job_id);
CREATE TABLE jobs.logging_default PARTITION OF jobs.logging DEFAULT;

CREATE TABLE jobs.heartbeat (
  job_id bigint NOT NULL,
  logged timestamptz NOT NULL DEFAULT now(),
  load_average float8,
  memory_used float8,
  vsize float8,
  available_disk_space float8,
  cpu_consumed float8,
  wall_clock_time float8
) PARTITION BY RANGE (logged);
CREATE INDEX heartbeat_job ON jobs.heartbeat (job_id, logged);
CREATE TABLE jobs.heartbeat_default PARTITION OF jobs.heartbeat DEFAULT;

-- The latest output of running jobs.
CREATE TABLE jobs.peek (
  job_id bigint PRIMARY KEY,
  logged timestamptz NOT NULL,
  standard_output text NOT NULL
);

-- Commands to the wrapper of the living attempt; gone with the attempt.
CREATE TABLE jobs.command (
  command_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  job_id bigint NOT NULL,
  received timestamptz NOT NULL DEFAULT now(),
  sent timestamptz,
  command text NOT NULL,
  arguments text NOT NULL
);
CREATE INDEX command_job ON jobs.command (job_id);

-- Free parameters: one row a job, not one a parameter.
CREATE TABLE jobs.parameters (
  job_id bigint PRIMARY KEY,
  attributes jsonb NOT NULL
);

-- Those of earlier cycles of a rescheduled job.
CREATE TABLE jobs.parameters_attic (
  job_id bigint NOT NULL,
  cycle int NOT NULL,
  attributes jsonb NOT NULL,
  PRIMARY KEY (job_id, cycle)
);

-- How many jobs there are of each kind: base plus changes is the truth at every moment. Changes are appended, so that
-- nobody waits for anybody; a task adds them up.
CREATE TABLE jobs.tally (
  vo text NOT NULL,
  owner text NOT NULL,
  owner_group text NOT NULL,
  job_type text NOT NULL,
  site text NOT NULL,
  status text NOT NULL,
  minor_status text NOT NULL,
  jobs bigint NOT NULL,
  PRIMARY KEY (vo, owner, owner_group, job_type, site, status, minor_status)
);

CREATE TABLE jobs.tally_change (
  vo text NOT NULL,
  owner text NOT NULL,
  owner_group text NOT NULL,
  job_type text NOT NULL,
  site text NOT NULL,
  status text NOT NULL,
  minor_status text NOT NULL,
  jobs bigint NOT NULL
) WITH (autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_scale_factor = 0);

-- One statement is one set of changes; a change that leaves the kind alone (a heartbeat) leaves no row.
CREATE FUNCTION jobs.tally_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO jobs.tally_change
  SELECT vo, owner, owner_group, job_type, site, status, minor_status, count(*)
  FROM made
  GROUP BY vo, owner, owner_group, job_type, site, status, minor_status;
  RETURN NULL;
END $$;

CREATE FUNCTION jobs.tally_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO jobs.tally_change
  SELECT vo, owner, owner_group, job_type, site, status, minor_status, sum(n)
  FROM (
    SELECT vo, owner, owner_group, job_type, site, status, minor_status, -1 AS n FROM before
    UNION ALL
    SELECT vo, owner, owner_group, job_type, site, status, minor_status, 1 FROM after) changed
  GROUP BY vo, owner, owner_group, job_type, site, status, minor_status
  HAVING sum(n) <> 0;
  RETURN NULL;
END $$;

CREATE FUNCTION jobs.tally_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO jobs.tally_change
  SELECT vo, owner, owner_group, job_type, site, status, minor_status, -count(*)
  FROM gone
  GROUP BY vo, owner, owner_group, job_type, site, status, minor_status;
  RETURN NULL;
END $$;

CREATE TRIGGER tally_inserted AFTER INSERT ON jobs.job
  REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION jobs.tally_inserted();
CREATE TRIGGER tally_updated AFTER UPDATE ON jobs.job
  REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION jobs.tally_updated();
CREATE TRIGGER tally_deleted AFTER DELETE ON jobs.job
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION jobs.tally_deleted();
