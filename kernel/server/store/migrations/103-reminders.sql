-- Reminders as the hospital has them: which of its versions is in force (none: the product's own), and whether it is switched on.
-- `program_hash`: what the product declared when the hospital's was saved; `settled`: the last day that was looked at before what counts came to count.
CREATE TABLE kernel.reminder_version (
  name text NOT NULL, version integer NOT NULL, definition jsonb NOT NULL, at timestamptz NOT NULL, by uuid, note text NOT NULL DEFAULT '', PRIMARY KEY (name, version));
CREATE TABLE kernel.reminder (
  name text PRIMARY KEY, in_force integer, is_on boolean NOT NULL, program_hash text, changed_at timestamptz NOT NULL, changed_by uuid, settled date,
  FOREIGN KEY (name, in_force) REFERENCES kernel.reminder_version (name, version));
-- One run a reminder and day. `beat_at`: when its process was last heard of; `reach`: the last day whose occurrences it looked at to the end.
CREATE TABLE kernel.reminder_run (
  reminder text NOT NULL, day date NOT NULL, state text NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')), started_at timestamptz NOT NULL, beat_at timestamptz NOT NULL,
  ended_at timestamptz, reach date, tries smallint NOT NULL DEFAULT 1, records integer NOT NULL DEFAULT 0, told integer NOT NULL DEFAULT 0, people integer NOT NULL DEFAULT 0,
  withheld integer NOT NULL DEFAULT 0, problem text, PRIMARY KEY (reminder, day));
-- Who was told of what: written in the transaction of the message, so that nobody is told twice. `about`: the date it was about, or `-infinity` where it was about none; `ended_at`: the record was due no more.
CREATE TABLE kernel.reminder_told (
  reminder text NOT NULL, record uuid NOT NULL, person uuid NOT NULL, about date NOT NULL, stage smallint NOT NULL, occurrence date NOT NULL, at timestamptz NOT NULL, ended_at timestamptz,
  PRIMARY KEY (reminder, record, person, about, stage, occurrence));
CREATE INDEX reminder_told_record ON kernel.reminder_told (record, at DESC);
CREATE INDEX reminder_told_open ON kernel.reminder_told (reminder, record) WHERE ended_at IS NULL;
CREATE INDEX reminder_told_at ON kernel.reminder_told (reminder, at DESC);
CREATE INDEX todo_key ON kernel.todo (once_key text_pattern_ops) WHERE closed_at IS NULL;
-- What was told before goes on to count: keys were resource/record/field/date/days.
INSERT INTO kernel.reminder_told
  SELECT k[1] || '.' || k[3], k[2]::uuid, person, k[4]::date, 0, k[4]::date - k[5]::int, at
  FROM (SELECT person, at, string_to_array(once_key, '/') AS k FROM kernel.told
        UNION ALL SELECT person, at, string_to_array(once_key, '/') FROM kernel.message WHERE kind = 'reminder' AND once_key ~ '^[^/]+/[0-9a-f-]{36}/[^/]+/\d{4}-\d\d-\d\d/-?\d+$') old
  WHERE cardinality(k) = 5 AND k[2] ~ '^[0-9a-f-]{36}$' AND k[4] ~ '^\d{4}-\d\d-\d\d$' AND k[5] ~ '^-?\d+$' ON CONFLICT DO NOTHING;
DROP TABLE kernel.told;
UPDATE kernel.todo SET once_key = regexp_replace(once_key, '^([^/]+)/([0-9a-f-]{36})/([^/]+)/(\d{4}-\d\d-\d\d)$', 'remind:\1.\3/\2/\4')
  WHERE closed_at IS NULL AND once_key ~ '^[^/]+/[0-9a-f-]{36}/[^/]+/\d{4}-\d\d-\d\d$';
-- Lines of an office were one a threshold: they are given anew as one.
UPDATE kernel.todo SET closed_at = opened_at WHERE closed_at IS NULL AND record IS NULL AND once_key ~ '^[^/]+/[^/]+/[^/]+/-?\d+$';
