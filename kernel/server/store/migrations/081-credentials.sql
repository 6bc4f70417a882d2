-- What proves a person stands apart from his account, which becomes a record (security.account; `after/001-accounts.sql` moves the rows).
ALTER TABLE kernel.account RENAME TO credential;
ALTER TABLE kernel.credential RENAME COLUMN id TO account;
ALTER TABLE kernel.credential ALTER COLUMN name DROP NOT NULL, ALTER COLUMN created_at DROP NOT NULL;
DROP INDEX kernel.account_name, kernel.account_person;
ALTER TABLE kernel.credential DROP COLUMN failures, DROP COLUMN locked_until,
  -- As what the password was found good. Secret of the second factor, under a data key; one being set up; the last step of 30 s whose code was taken.
  ADD COLUMN judged text, ADD COLUMN totp bytea, ADD COLUMN totp_new bytea, ADD COLUMN totp_step bigint;
CREATE TABLE kernel.past_password (account uuid NOT NULL, password text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (account, at));
CREATE TABLE kernel.recovery_code (account uuid NOT NULL, code bytea NOT NULL, used_at timestamptz, PRIMARY KEY (account, code));
-- A browser that has passed the second factor once.
CREATE TABLE kernel.known_device (
  token bytea NOT NULL, account uuid NOT NULL, agent text NOT NULL, first_at timestamptz NOT NULL, seen_at timestamptz NOT NULL, failures integer NOT NULL DEFAULT 0,
  PRIMARY KEY (token, account));
CREATE INDEX known_device_account ON kernel.known_device (account);
-- Failures in a row, by account, by unknown name, by address: what decides on captcha and lock, in every process alike.
CREATE TABLE kernel.sign_in_failure (key text PRIMARY KEY, failures integer NOT NULL, at timestamptz NOT NULL, locked_until timestamptz);
CREATE INDEX sign_in_failure_at ON kernel.sign_in_failure (at);
-- The first factor was right; the second is still to come.
CREATE TABLE kernel.sign_in_ticket (token bytea PRIMARY KEY, account uuid NOT NULL, method text NOT NULL, expires_at timestamptz NOT NULL);
DELETE FROM kernel.session;
ALTER TABLE kernel.session ADD COLUMN sign_in uuid, ADD COLUMN two_factors boolean NOT NULL DEFAULT false, ADD COLUMN id uuid NOT NULL UNIQUE;
