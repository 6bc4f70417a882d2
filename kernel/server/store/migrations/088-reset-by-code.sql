-- Somebody who has forgotten his password asks for a code. Whom he names is looked up later, by a worker: the request does the same for every name.
-- `code` is its keyed digest, null as long as there is none (and for ever where nobody is meant); what was asked lies under a data key.
CREATE TABLE kernel.password_reset (
  token bytea PRIMARY KEY, asked bytea, address text NOT NULL, at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
  account uuid, code bytea, tries integer NOT NULL DEFAULT 0, proved boolean NOT NULL DEFAULT false);
CREATE INDEX password_reset_asked ON kernel.password_reset (at) WHERE asked IS NOT NULL;
CREATE INDEX password_reset_expires ON kernel.password_reset (expires_at);
-- How often codes were asked for: by number (its keyed digest) and by address.
CREATE TABLE kernel.code_asked (key bytea NOT NULL, at timestamptz NOT NULL);
CREATE INDEX code_asked_key ON kernel.code_asked (key, at);
CREATE INDEX code_asked_at ON kernel.code_asked (at);
-- Short messages that wait to be taken by the gateway; number and text under a data key. What could not be sent until `until` goes.
CREATE TABLE kernel.sms (id uuid PRIMARY KEY, content bytea NOT NULL, next_at timestamptz NOT NULL, until timestamptz NOT NULL, tries integer NOT NULL DEFAULT 0);
CREATE INDEX sms_next ON kernel.sms (next_at);
