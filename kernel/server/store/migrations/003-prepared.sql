-- A form filled in for somebody else, who alone signs and submits it.
CREATE TABLE kernel.prepared_form (
  id uuid PRIMARY KEY, resource text NOT NULL, for_person uuid NOT NULL, by_person uuid NOT NULL, value bytea NOT NULL,
  at timestamptz NOT NULL, done_at timestamptz, record uuid);
CREATE INDEX prepared_form_for ON kernel.prepared_form (for_person) WHERE done_at IS NULL;
