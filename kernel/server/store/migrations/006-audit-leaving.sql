-- How far the audit has left the house by syslog: everything visible in `base` has left; of what `target` shows beyond it, all up to (after_tx, after_seq).
-- Only the sealer writes these tables.
CREATE TABLE kernel.audit_leaving (
  receiver text PRIMARY KEY, base pg_snapshot NOT NULL, target pg_snapshot, after_tx xid8 NOT NULL DEFAULT '0', after_seq bigint NOT NULL DEFAULT 0,
  audit_seal integer NOT NULL DEFAULT 0, history_seal integer NOT NULL DEFAULT 0, anchor integer NOT NULL DEFAULT 0,
  messages bigint NOT NULL DEFAULT 0, left_at timestamptz, problem text, problem_since timestamptz);

-- What was put outside once a day: the last seal of each stream. `file` names the file that has it, and is null where only syslog takes it.
CREATE TABLE kernel.audit_anchor (
  number integer PRIMARY KEY, at timestamptz NOT NULL, made_at timestamptz NOT NULL DEFAULT clock_timestamp(), seals jsonb NOT NULL, file text);

-- A restored copy goes another way from here: its seals bear a new epoch, so that they are not taken for those the original made afterwards.
CREATE TABLE kernel.seal_epoch (number integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), reason text NOT NULL);
INSERT INTO kernel.seal_epoch (number, reason) VALUES (1, '启用');
