-- A record opened in an emergency is a grant with an exact end, beside what a colleague may have given of the same record.
ALTER TABLE kernel.record_grant ADD COLUMN emergency uuid, ADD COLUMN ends_at timestamptz, ADD COLUMN reads integer NOT NULL DEFAULT 0;
DROP INDEX kernel.record_grant_one;
CREATE UNIQUE INDEX record_grant_one ON kernel.record_grant (person, record, resource, emergency) NULLS NOT DISTINCT WHERE withdrawn_at IS NULL;
CREATE UNIQUE INDEX record_grant_emergency ON kernel.record_grant (emergency) WHERE emergency IS NOT NULL;
-- Keys that somebody tried; those that named a record do not stay.
CREATE TABLE kernel.emergency_try (id uuid PRIMARY KEY, person uuid NOT NULL, at timestamptz NOT NULL);
CREATE INDEX emergency_try_person ON kernel.emergency_try (person, at);
CREATE INDEX todo_record ON kernel.todo (record) WHERE record IS NOT NULL AND closed_at IS NULL;
