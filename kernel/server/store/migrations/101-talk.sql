-- Conversations: about a record or an approval, between two people, in groups. `last`: the number of the latest message; the row's lock gives numbers.
CREATE TABLE kernel.talk (
  id uuid PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('record', 'direct', 'group')), subject text, subject_id uuid, one uuid, other uuid, unit uuid, name text, owner uuid,
  made_at timestamptz NOT NULL, made_by uuid NOT NULL, last bigint NOT NULL DEFAULT 0, last_at timestamptz NOT NULL);
CREATE UNIQUE INDEX talk_subject ON kernel.talk (subject_id) WHERE kind = 'record';
CREATE UNIQUE INDEX talk_pair ON kernel.talk (one, other) WHERE kind = 'direct';
CREATE UNIQUE INDEX talk_unit ON kernel.talk (unit) WHERE unit IS NOT NULL;
-- Who belongs to it. `since`: what has a greater number is his; `read`: up to where he has read; `mentioned`: the latest that names him; `listens`: counts as unread for him.
CREATE TABLE kernel.talk_member (
  id uuid PRIMARY KEY, talk uuid NOT NULL REFERENCES kernel.talk, person uuid NOT NULL, since bigint NOT NULL DEFAULT 0, read bigint NOT NULL DEFAULT 0, mentioned bigint NOT NULL DEFAULT 0,
  muted boolean NOT NULL DEFAULT false, listens boolean NOT NULL DEFAULT true, joined_at timestamptz NOT NULL, left_at timestamptz, UNIQUE (talk, person));
CREATE INDEX talk_member_person ON kernel.talk_member (person, talk) WHERE left_at IS NULL;
-- `words` are sealed under the key of the author's membership; null once taken back. `note`: what was done to the group, told by the program.
CREATE TABLE kernel.talk_message (
  id uuid PRIMARY KEY, talk uuid NOT NULL REFERENCES kernel.talk, n bigint NOT NULL, at timestamptz NOT NULL, person uuid NOT NULL, words bytea, note boolean NOT NULL DEFAULT false, answers bigint,
  mentions uuid[] NOT NULL DEFAULT '{}', everyone boolean NOT NULL DEFAULT false, files uuid[] NOT NULL DEFAULT '{}', withdrawn_at timestamptz, UNIQUE (talk, n));
CREATE INDEX talk_message_at ON kernel.talk_message (at);
CREATE INDEX talk_message_person ON kernel.talk_message (person, at);
CREATE INDEX talk_message_files ON kernel.talk_message USING gin (files) WHERE files <> '{}';
-- Whom to tell, if he has not read it by then.
CREATE TABLE kernel.talk_due (
  talk uuid NOT NULL, person uuid NOT NULL, mention boolean NOT NULL, n bigint NOT NULL, by uuid NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (talk, person, mention));
CREATE INDEX talk_due_at ON kernel.talk_due (at);
