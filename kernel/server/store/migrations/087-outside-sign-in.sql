-- A sign-in through another system, from the moment the browser is sent there until it is taken: bound to the browser by the token of its cookie.
-- `state` is emptied when the other system has answered, so that each answer is taken once.
CREATE TABLE kernel.outside_sign_in (
  token bytea PRIMARY KEY, provider text NOT NULL, state text, nonce text NOT NULL, verifier text NOT NULL, goes_to text NOT NULL, callback text NOT NULL, expires_at timestamptz NOT NULL,
  identity jsonb, problem text);
CREATE INDEX outside_sign_in_expires ON kernel.outside_sign_in (expires_at);
