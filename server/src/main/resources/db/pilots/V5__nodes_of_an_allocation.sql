-- A pilot on a further node of an allocation: the pilot that was sent, under whose name the batch system has the allocation.
ALTER TABLE pilots.pilot ADD COLUMN leader bigint;
