-- What an automation has beside its definition: the secret under which other systems and it prove themselves, why it pauses, and the last day on which its dates were looked at.
CREATE TABLE kernel.automation (
  name text PRIMARY KEY, secret bytea, secret_at timestamptz, paused_at timestamptz, paused_why text, settled date);
-- One run for what has led to it: `key` names the event, or the record and day, and comes once an automation. `chain`: the automations that led here and their records, `[{automation, record}]`;
-- `input`: what another system said, sealed. A run is written with what it did, in one transaction: what stands as waiting has done nothing yet.
CREATE TABLE kernel.automation_run (
  id uuid PRIMARY KEY, automation text NOT NULL, label text NOT NULL, version integer NOT NULL, at timestamptz NOT NULL, key text NOT NULL, cause text NOT NULL, resource text, record uuid,
  depth smallint NOT NULL DEFAULT 0, chain jsonb NOT NULL DEFAULT '[]', input bytea, state text NOT NULL CHECK (state IN ('waiting', 'done', 'failed', 'skipped')),
  results jsonb NOT NULL DEFAULT '[]', problem text, ended_at timestamptz, UNIQUE (automation, key));
CREATE INDEX automation_run_of ON kernel.automation_run (automation, at DESC, id DESC);
CREATE INDEX automation_run_waiting ON kernel.automation_run (id) WHERE state = 'waiting';
CREATE INDEX automation_run_at ON kernel.automation_run (at);
-- What is to be sent to other systems: written with the run, sent after it, again and again until it was taken or has failed for good.
CREATE TABLE kernel.automation_call (
  id uuid PRIMARY KEY, run uuid NOT NULL REFERENCES kernel.automation_run ON DELETE CASCADE, automation text NOT NULL, act smallint NOT NULL, url text NOT NULL, body bytea NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed')), attempts smallint NOT NULL DEFAULT 0, due_at timestamptz, problem text);
CREATE INDEX automation_call_due ON kernel.automation_call (due_at) WHERE state = 'waiting';
CREATE INDEX automation_call_run ON kernel.automation_call (run);
