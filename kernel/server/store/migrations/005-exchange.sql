-- Imports: what was read, what a person settled, what was touched. Replaces the first sketch of these tables, which nothing has used.
DROP TABLE kernel.import_change;
DROP TABLE kernel.import_batch;
CREATE TABLE kernel.import_batch (
  id uuid PRIMARY KEY, number bigint NOT NULL GENERATED ALWAYS AS IDENTITY, kind text NOT NULL, profile text NOT NULL, resource text NOT NULL,
  file uuid, file_name text NOT NULL, state text NOT NULL, by_person uuid, by_name text NOT NULL, created_at timestamptz NOT NULL, done_at timestamptz,
  settings jsonb NOT NULL, counts jsonb NOT NULL, progress jsonb, heartbeat timestamptz, cancel boolean NOT NULL DEFAULT false,
  -- Samples, problems, questions and answers hold cells of the file: sealed like protected fields.
  report bytea, choices bytea,
  undoes uuid REFERENCES kernel.import_batch, note text);
CREATE INDEX import_batch_resource ON kernel.import_batch (resource, created_at DESC, id DESC);
-- A batch is undone once; undoing the undo is another batch.
CREATE UNIQUE INDEX import_batch_undone ON kernel.import_batch (undoes) WHERE undoes IS NOT NULL AND state IN ('running', 'done');
-- The records a batch touched, by portions: a million ids are some hundred rows. What changed in them stands in history.
CREATE TABLE kernel.import_change (
  batch uuid NOT NULL REFERENCES kernel.import_batch, seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY, kind text NOT NULL,
  records uuid[] NOT NULL, versions integer[] NOT NULL, PRIMARY KEY (batch, seq));
