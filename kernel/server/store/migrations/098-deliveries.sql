-- Messages leave the page by other ways too. `dispatch`: not yet looked at, which ways that is; what was told before there were any never leaves.
ALTER TABLE kernel.message ADD COLUMN kind text NOT NULL DEFAULT 'other', ADD COLUMN urgent boolean NOT NULL DEFAULT false, ADD COLUMN dispatch boolean NOT NULL DEFAULT false;
ALTER TABLE kernel.message ALTER COLUMN dispatch SET DEFAULT true;
CREATE INDEX message_dispatch ON kernel.message (at) WHERE dispatch;
-- One message by one way: queue and log in one. Neither the words nor the number or address stand here; both are read as it leaves.
CREATE TABLE kernel.delivery (
  id uuid PRIMARY KEY, message uuid NOT NULL, person uuid NOT NULL, channel text NOT NULL, kind text NOT NULL, urgent boolean NOT NULL, at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')), next_at timestamptz NOT NULL, until timestamptz NOT NULL,
  tries smallint NOT NULL DEFAULT 0, done_at timestamptz, problem text, UNIQUE (message, channel));
CREATE INDEX delivery_due ON kernel.delivery (channel, urgent DESC, next_at) WHERE state = 'waiting';
CREATE INDEX delivery_at ON kernel.delivery (at DESC, id DESC);
CREATE INDEX delivery_person ON kernel.delivery (person, at DESC, id DESC);
CREATE INDEX delivery_failed ON kernel.delivery (at DESC, id DESC) WHERE state IN ('waiting', 'failed');
