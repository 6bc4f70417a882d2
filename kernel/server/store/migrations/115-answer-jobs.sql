-- Questions that took too long to wait for, answered in the background, each for somebody alone. `asked` and `answer` lie under a seal; `rights`: under what rights it was answered, as a digest.
CREATE TABLE kernel.answer_job (
  id uuid PRIMARY KEY, person uuid NOT NULL, address text, asked bytea NOT NULL, state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
  answer bytea, at timestamptz, rights text, rows integer NOT NULL DEFAULT 0, note text, created_at timestamptz NOT NULL, done_at timestamptz,
  tries integer NOT NULL DEFAULT 0, cancel boolean NOT NULL DEFAULT false, heartbeat timestamptz);
CREATE INDEX answer_job_person ON kernel.answer_job (person, created_at);
CREATE INDEX answer_job_open ON kernel.answer_job (created_at) WHERE state IN ('waiting', 'running');
