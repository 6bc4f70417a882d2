-- Exports that go on in the background, each somebody's own. What was asked may name protected values, so it lies under a seal. The files lie in the file
-- store under `exports/<id>` and are no attachments.
CREATE TABLE kernel.export_job (
  id uuid PRIMARY KEY, person uuid NOT NULL, address text, resource text NOT NULL, asked bytea NOT NULL, format text NOT NULL, state text NOT NULL,
  rows integer NOT NULL DEFAULT 0, expected integer, bytes bigint, file_name text, note text, created_at timestamptz NOT NULL, done_at timestamptz,
  tries integer NOT NULL DEFAULT 0, cancel boolean NOT NULL DEFAULT false, heartbeat timestamptz);
CREATE INDEX export_job_person ON kernel.export_job (person, created_at);
CREATE INDEX export_job_open ON kernel.export_job (created_at) WHERE state IN ('waiting', 'running');
