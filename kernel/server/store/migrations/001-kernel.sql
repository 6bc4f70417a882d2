-- What cannot be derived from declarations: the kernel's own tables.
CREATE SCHEMA IF NOT EXISTS kernel;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Two-character search over Chinese text: trigrams find nothing in two characters.
CREATE FUNCTION kernel.bigrams(t text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT coalesce(array_agg(DISTINCT substr(t, i, 2)), '{}') FROM generate_series(1, greatest(length(t) - 1, 1)) i $$;

-- An append-only row carries the hash of its content: each part with its length before it, null apart from empty. Built-in functions only: a generated
-- column's expression is prepared anew in every statement, and each SQL function in it would be parsed again (measured: that cost more than the insert).
CREATE FUNCTION kernel.instant_text(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT (extract(epoch FROM at AT TIME ZONE 'UTC') * 1000000)::bigint::text $$;

CREATE TABLE kernel.data_key (
  id integer PRIMARY KEY, subject text NOT NULL, wrapped bytea NOT NULL, created_at timestamptz NOT NULL);

CREATE SEQUENCE kernel.entry_seq CACHE 32;
CREATE TABLE kernel.history (
  seq bigint NOT NULL DEFAULT nextval('kernel.entry_seq'),
  at timestamptz NOT NULL, tx xid8 NOT NULL DEFAULT pg_current_xact_id(), received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  resource text NOT NULL, record uuid NOT NULL, version integer NOT NULL,
  actor uuid, on_behalf_of uuid, origin text NOT NULL, act text NOT NULL, changes jsonb NOT NULL,
  hash bytea GENERATED ALWAYS AS (sha256(replace(coalesce(length(seq::text)::text || ':' || seq::text, '0n') || coalesce(length((extract(epoch FROM at AT TIME ZONE 'UTC') * 1000000)::bigint::text)::text || ':' || (extract(epoch FROM at AT TIME ZONE 'UTC') * 1000000)::bigint::text, '0n') || coalesce(length(resource)::text || ':' || resource, '0n') || coalesce(length(record::text)::text || ':' || record::text, '0n') || coalesce(length(version::text)::text || ':' || version::text, '0n') || coalesce(length(actor::text)::text || ':' || actor::text, '0n') || coalesce(length(on_behalf_of::text)::text || ':' || on_behalf_of::text, '0n') || coalesce(length(origin)::text || ':' || origin, '0n') || coalesce(length(act)::text || ':' || act, '0n') || coalesce(length(changes::text)::text || ':' || changes::text, '0n'), '\', '\\')::bytea)) STORED
) PARTITION BY RANGE (at);
CREATE INDEX history_record ON kernel.history (resource, record, version DESC, seq DESC);
CREATE INDEX history_seq ON kernel.history (seq);

CREATE TABLE kernel.audit_entry (
  seq bigint NOT NULL DEFAULT nextval('kernel.entry_seq'),
  at timestamptz NOT NULL, tx xid8 NOT NULL DEFAULT pg_current_xact_id(), received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor uuid, actor_name text, act text NOT NULL, outcome text NOT NULL, resource text, record uuid,
  address text, detail jsonb NOT NULL,
  hash bytea GENERATED ALWAYS AS (sha256(replace(coalesce(length(seq::text)::text || ':' || seq::text, '0n') || coalesce(length((extract(epoch FROM at AT TIME ZONE 'UTC') * 1000000)::bigint::text)::text || ':' || (extract(epoch FROM at AT TIME ZONE 'UTC') * 1000000)::bigint::text, '0n') || coalesce(length(actor::text)::text || ':' || actor::text, '0n') || coalesce(length(actor_name)::text || ':' || actor_name, '0n') || coalesce(length(act)::text || ':' || act, '0n') || coalesce(length(outcome)::text || ':' || outcome, '0n') || coalesce(length(resource)::text || ':' || resource, '0n') || coalesce(length(record::text)::text || ':' || record::text, '0n') || coalesce(length(address)::text || ':' || address, '0n') || coalesce(length(detail::text)::text || ':' || detail::text, '0n'), '\', '\\')::bytea)) STORED
) PARTITION BY RANGE (at);
CREATE INDEX audit_seq ON kernel.audit_entry (seq);
CREATE INDEX audit_actor ON kernel.audit_entry (actor, seq DESC);
CREATE INDEX audit_record ON kernel.audit_entry (record, seq DESC) WHERE record IS NOT NULL;

-- A seal links a batch of entries to the seal before it. `entries` holds (seq, hash) of each, so that an altered, dropped, inserted or moved one can be named.
CREATE TABLE kernel.seal (
  stream text NOT NULL, epoch integer NOT NULL, number integer NOT NULL, sealed_at timestamptz NOT NULL,
  first_seq bigint, last_seq bigint, count integer NOT NULL, snapshot pg_snapshot NOT NULL,
  root bytea NOT NULL, previous bytea NOT NULL, hash bytea NOT NULL, mac bytea NOT NULL, entries bytea NOT NULL,
  PRIMARY KEY (stream, epoch, number));

CREATE TABLE kernel.outbox (
  seq bigint PRIMARY KEY DEFAULT nextval('kernel.entry_seq'), tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at timestamptz NOT NULL, topic text NOT NULL, resource text, record uuid, payload jsonb NOT NULL);
CREATE TABLE kernel.outbox_reader (name text PRIMARY KEY, snapshot pg_snapshot NOT NULL, at timestamptz NOT NULL);
CREATE TABLE kernel.event_handled (seq bigint NOT NULL, handler text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (seq, handler));

CREATE TABLE kernel.counter (name text PRIMARY KEY, value bigint NOT NULL);
CREATE TABLE kernel.setting (name text PRIMARY KEY, value jsonb NOT NULL);

CREATE TABLE kernel.account (
  id uuid PRIMARY KEY, name text NOT NULL, person uuid, password text, must_change boolean NOT NULL DEFAULT false,
  disabled_at timestamptz, failures integer NOT NULL DEFAULT 0, locked_until timestamptz, created_at timestamptz NOT NULL, password_at timestamptz);
CREATE UNIQUE INDEX account_name ON kernel.account (lower(name));
CREATE UNIQUE INDEX account_person ON kernel.account (person) WHERE person IS NOT NULL;
CREATE TABLE kernel.session (
  token bytea PRIMARY KEY, account uuid NOT NULL REFERENCES kernel.account, csrf text NOT NULL,
  created_at timestamptz NOT NULL, seen_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, address text, agent text);
CREATE INDEX session_account ON kernel.session (account);
CREATE TABLE kernel.api_client (
  id uuid PRIMARY KEY, name text NOT NULL UNIQUE, key_hash bytea NOT NULL UNIQUE, rights text[] NOT NULL,
  disabled_at timestamptz, created_at timestamptz NOT NULL);

CREATE TABLE kernel.file (
  id uuid PRIMARY KEY, hash text NOT NULL, name text NOT NULL, type text NOT NULL, bytes bigint NOT NULL,
  created_at timestamptz NOT NULL, created_by uuid, resource text, record uuid);
CREATE INDEX file_record ON kernel.file (record) WHERE record IS NOT NULL;
CREATE TABLE kernel.autosave (
  account uuid NOT NULL, form text NOT NULL, value bytea NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (account, form));
CREATE TABLE kernel.message (
  id uuid PRIMARY KEY, person uuid NOT NULL, at timestamptz NOT NULL, title text NOT NULL, body text NOT NULL, link text, read_at timestamptz, once_key text);
CREATE INDEX message_person ON kernel.message (person, at DESC, id DESC);
CREATE INDEX message_unread ON kernel.message (person) WHERE read_at IS NULL;
CREATE UNIQUE INDEX message_once ON kernel.message (person, once_key) WHERE once_key IS NOT NULL;

CREATE TABLE kernel.flow_instance (
  id uuid PRIMARY KEY, number text NOT NULL, flow text NOT NULL, flow_version integer NOT NULL, resource text NOT NULL, record uuid NOT NULL,
  parent uuid, applicant uuid NOT NULL, status text NOT NULL, seq integer NOT NULL, state jsonb NOT NULL,
  started_at timestamptz NOT NULL, ended_at timestamptz);
CREATE INDEX flow_instance_record ON kernel.flow_instance (record, started_at DESC);
CREATE INDEX flow_instance_applicant ON kernel.flow_instance (applicant, started_at DESC);
CREATE TABLE kernel.flow_definition (name text NOT NULL, version integer NOT NULL, hash text NOT NULL, definition jsonb NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (name, version));
CREATE TABLE kernel.flow_event (
  instance uuid NOT NULL REFERENCES kernel.flow_instance, seq integer NOT NULL, at timestamptz NOT NULL, type text NOT NULL, event jsonb NOT NULL, PRIMARY KEY (instance, seq));
CREATE TABLE kernel.flow_act (instance uuid NOT NULL, act_id uuid NOT NULL, actor uuid NOT NULL, at timestamptz NOT NULL, answer jsonb NOT NULL, PRIMARY KEY (instance, act_id));
CREATE TABLE kernel.flow_task (
  instance uuid NOT NULL REFERENCES kernel.flow_instance, task text NOT NULL, step text NOT NULL, person uuid NOT NULL, state text NOT NULL,
  opened_at timestamptz NOT NULL, closed_at timestamptz, due timestamptz, PRIMARY KEY (instance, task));
CREATE INDEX flow_task_person ON kernel.flow_task (person, state, opened_at DESC);
-- One person never holds two open tasks of one step.
CREATE UNIQUE INDEX flow_task_one ON kernel.flow_task (instance, step, person) WHERE state = 'open';

CREATE TABLE kernel.schedule_run (name text PRIMARY KEY, day date NOT NULL, at timestamptz NOT NULL);
CREATE TABLE kernel.import_batch (
  id uuid PRIMARY KEY, resource text NOT NULL, file uuid, name text NOT NULL, state text NOT NULL, by_person uuid, created_at timestamptz NOT NULL, done_at timestamptz,
  counts jsonb NOT NULL, settings jsonb NOT NULL, note text);
CREATE TABLE kernel.import_change (batch uuid NOT NULL, record uuid NOT NULL, kind text NOT NULL, before jsonb, after jsonb, version integer NOT NULL, PRIMARY KEY (batch, record));
