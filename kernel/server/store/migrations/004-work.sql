-- The outbox is read by transaction, so that a page never has holes.
CREATE INDEX outbox_tx ON kernel.outbox (tx);
-- What a person has to look after beyond approvals: reminders that close by themselves when their cause is gone.
CREATE TABLE kernel.todo (
  id uuid PRIMARY KEY, person uuid NOT NULL, resource text NOT NULL, record uuid, title text NOT NULL, link text NOT NULL, due date,
  opened_at timestamptz NOT NULL, closed_at timestamptz, once_key text NOT NULL, UNIQUE (person, once_key));
CREATE INDEX todo_person ON kernel.todo (person, due) WHERE closed_at IS NULL;
-- What an office was told in a summary, so that the next summary counts only what is new.
CREATE TABLE kernel.told (person uuid NOT NULL, once_key text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (person, once_key));
