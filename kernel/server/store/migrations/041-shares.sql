-- A link to chosen records or to an empty form. Only the hash of its token is kept. Who opened it stands in the audit under the link's id.
CREATE TABLE kernel.share (
  id uuid PRIMARY KEY, token_hash bytea NOT NULL UNIQUE, kind text NOT NULL, audience text NOT NULL, resource text NOT NULL,
  records uuid[] NOT NULL, fields text[] NOT NULL, title text NOT NULL, owner uuid NOT NULL, password text,
  at timestamptz NOT NULL, expires_at timestamptz NOT NULL, max_uses integer, uses integer NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0, locked_until timestamptz, withdrawn_at timestamptz, withdrawn_by uuid);
CREATE INDEX share_owner ON kernel.share (owner, id DESC);
-- A picture to be read before a public form is taken: used once, or not at all.
CREATE TABLE kernel.captcha (id uuid PRIMARY KEY, answer text NOT NULL, expires_at timestamptz NOT NULL);
CREATE INDEX captcha_expiry ON kernel.captcha (expires_at);
-- Records that came in through a public form.
CREATE TABLE kernel.public_entry (record uuid PRIMARY KEY, share uuid NOT NULL REFERENCES kernel.share, at timestamptz NOT NULL);
