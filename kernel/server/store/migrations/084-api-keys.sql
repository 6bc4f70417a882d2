-- What a program proves itself with stands apart from its record (security.api_client; `after/084-api-clients.sql` takes the old rows over).
CREATE TABLE kernel.api_key (
  id text PRIMARY KEY, client uuid NOT NULL,
  -- Under a data key: a signature needs it whole. Null for keys of before, of which only the hash was kept.
  secret bytea, hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL, created_by uuid, ends_at timestamptz, last_used_at timestamptz);
CREATE INDEX api_key_client ON kernel.api_key (client);

-- Numbers used once, by the time that the caller signed (slots of five minutes, in a ring): a repeated request falls into the same part, and a part is emptied as
-- a whole when nothing of its time would be accepted any more.
CREATE TABLE kernel.api_nonce (slot smallint NOT NULL, digest uuid NOT NULL, PRIMARY KEY (slot, digest)) PARTITION BY LIST (slot);
CREATE TABLE kernel.api_nonce_0 PARTITION OF kernel.api_nonce FOR VALUES IN (0);
CREATE TABLE kernel.api_nonce_1 PARTITION OF kernel.api_nonce FOR VALUES IN (1);
CREATE TABLE kernel.api_nonce_2 PARTITION OF kernel.api_nonce FOR VALUES IN (2);
CREATE TABLE kernel.api_nonce_3 PARTITION OF kernel.api_nonce FOR VALUES IN (3);
CREATE TABLE kernel.api_nonce_4 PARTITION OF kernel.api_nonce FOR VALUES IN (4);
CREATE TABLE kernel.api_nonce_5 PARTITION OF kernel.api_nonce FOR VALUES IN (5);
CREATE TABLE kernel.api_nonce_6 PARTITION OF kernel.api_nonce FOR VALUES IN (6);
CREATE TABLE kernel.api_nonce_7 PARTITION OF kernel.api_nonce FOR VALUES IN (7);

-- What was answered to a request with a number of its own. Without status: it is being worked on, or its process ended over it. The body is sealed like a
-- protected field.
CREATE TABLE kernel.api_answer (
  client uuid NOT NULL, request text NOT NULL, fingerprint bytea NOT NULL, at timestamptz NOT NULL,
  status smallint, type text, body bytea, PRIMARY KEY (client, request));
CREATE INDEX api_answer_at ON kernel.api_answer (at);
