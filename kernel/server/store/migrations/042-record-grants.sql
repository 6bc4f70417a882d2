-- One record opened to one colleague until a day: beside roles, never in lists.
CREATE TABLE kernel.record_grant (
  id uuid PRIMARY KEY, resource text NOT NULL, record uuid NOT NULL, person uuid NOT NULL, level text NOT NULL, until date NOT NULL,
  reason text NOT NULL, by_person uuid NOT NULL, at timestamptz NOT NULL, withdrawn_at timestamptz, withdrawn_by uuid);
CREATE UNIQUE INDEX record_grant_one ON kernel.record_grant (person, record, resource) WHERE withdrawn_at IS NULL;
CREATE INDEX record_grant_record ON kernel.record_grant (record);
