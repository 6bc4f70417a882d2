-- What a to-do row shows stands beside the approval: a list of tasks opens no instance.
ALTER TABLE kernel.flow_instance
  ADD COLUMN occasion text NOT NULL DEFAULT 'new', ADD COLUMN request uuid,
  ADD COLUMN title text NOT NULL DEFAULT '', ADD COLUMN summary text NOT NULL DEFAULT '', ADD COLUMN lines integer NOT NULL DEFAULT 0,
  -- Nobody can act: since when it waits for repair.
  ADD COLUMN stuck_since timestamptz;
CREATE INDEX flow_instance_stuck ON kernel.flow_instance (stuck_since) WHERE stuck_since IS NOT NULL;
CREATE INDEX flow_instance_running ON kernel.flow_instance (flow, started_at) WHERE ended_at IS NULL;

-- decide, fill, seal, claim, consult or copy. Tasks of people, and what else a person has before him.
ALTER TABLE kernel.flow_task ADD COLUMN kind text NOT NULL DEFAULT 'decide', ADD COLUMN flow text NOT NULL DEFAULT '';
DROP INDEX kernel.flow_task_one;
CREATE UNIQUE INDEX flow_task_one ON kernel.flow_task (instance, step, person, kind) WHERE state = 'open' AND kind <> 'consult';
DROP INDEX kernel.flow_task_person;
CREATE INDEX flow_task_person ON kernel.flow_task (person, state, kind, opened_at DESC, instance, task);

-- One row a due moment: a stage of a limit, the end of a timer, a call of a service. Written and removed under the lock of its instance.
CREATE TABLE kernel.flow_due (
  instance uuid NOT NULL, what text NOT NULL, at timestamptz NOT NULL, kind text NOT NULL,
  tries integer NOT NULL DEFAULT 0, problem text, PRIMARY KEY (instance, what));
CREATE INDEX flow_due_at ON kernel.flow_due (at);

-- Which flow: ordered rules by record type and occasion; the type's own declaration is the default behind them.
CREATE TABLE kernel.flow_binding (
  id uuid PRIMARY KEY, resource text NOT NULL, occasion text NOT NULL, position integer NOT NULL, label text NOT NULL,
  filter jsonb NOT NULL, flow text NOT NULL, enabled boolean NOT NULL, updated_at timestamptz NOT NULL, updated_by uuid);
CREATE INDEX flow_binding_of ON kernel.flow_binding (resource, occasion, position);

-- 委托: from one day to another the deputy acts in the person's name, in the flows named or in all.
CREATE TABLE kernel.stand_in (
  id uuid PRIMARY KEY, person uuid NOT NULL, deputy uuid NOT NULL, "from" date NOT NULL, "to" date NOT NULL, flows text[], reason text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL, created_by uuid NOT NULL, ended_at timestamptz);
CREATE INDEX stand_in_deputy ON kernel.stand_in (deputy) WHERE ended_at IS NULL;
CREATE INDEX stand_in_person ON kernel.stand_in (person) WHERE ended_at IS NULL;

-- A patch to an approved record, or its deletion: protected values are sealed in it as they are in the record.
CREATE TABLE kernel.change_request (
  id uuid PRIMARY KEY, resource text NOT NULL, record uuid NOT NULL, field_group text NOT NULL, occasion text NOT NULL, version integer NOT NULL,
  base_version integer NOT NULL, base bytea NOT NULL, patch bytea NOT NULL, reason text NOT NULL DEFAULT '', state text NOT NULL,
  applicant uuid NOT NULL, at timestamptz NOT NULL, ended_at timestamptz);
-- One open request a field group: a second is shown the first.
CREATE UNIQUE INDEX change_request_open ON kernel.change_request (record, field_group) WHERE state = 'open';

-- A person's own phrases for opinions.
CREATE TABLE kernel.opinion_phrase (person uuid NOT NULL, position integer NOT NULL, phrase text NOT NULL, PRIMARY KEY (person, position));

-- 用印登记: what was sealed, with which seal, how often, by whom.
CREATE TABLE kernel.seal_use (
  id uuid PRIMARY KEY, at timestamptz NOT NULL, seal text NOT NULL, copies integer NOT NULL, files uuid[] NOT NULL, person uuid NOT NULL, actor uuid NOT NULL,
  instance uuid NOT NULL, number text NOT NULL, title text NOT NULL, note text NOT NULL DEFAULT '');
CREATE INDEX seal_use_at ON kernel.seal_use (at DESC, id DESC);

-- One row an act, with its events in order and the answer that a repetition gets: ten times fewer rows than one an event.
CREATE TABLE kernel.flow_log (
  instance uuid NOT NULL, seq integer NOT NULL, at timestamptz NOT NULL, act_id uuid, actor uuid, answer jsonb, events jsonb NOT NULL, PRIMARY KEY (instance, seq));
CREATE UNIQUE INDEX flow_log_act ON kernel.flow_log (instance, act_id) WHERE act_id IS NOT NULL;
INSERT INTO kernel.flow_log (instance, seq, at, act_id, actor, answer, events)
  SELECT e.instance, max(e.seq), max(e.at), a.act_id, a.actor, a.answer, jsonb_agg(e.event ORDER BY e.seq)
  FROM kernel.flow_event e LEFT JOIN kernel.flow_act a ON a.instance = e.instance AND a.act_id::text = e.event->>'actId' GROUP BY e.instance, e.event->>'actId', a.act_id, a.actor, a.answer;
DROP TABLE kernel.flow_event;
DROP TABLE kernel.flow_act;
CREATE VIEW kernel.flow_event AS
  SELECT l.instance, l.seq - jsonb_array_length(l.events) + e.n::int AS seq, l.at, e.event->>'type' AS type, e.event FROM kernel.flow_log l CROSS JOIN jsonb_array_elements(l.events) WITH ORDINALITY AS e(event, n);

-- Rows under an approval are written by one statement together with it, under its lock: proving each anew would cost more than writing it.
ALTER TABLE kernel.flow_task DROP CONSTRAINT flow_task_instance_fkey;
