-- Numbers that the page gives to each of its writes, within a session (nil: before signing in): one is taken once. Not logged: what a crash forgets is no more
-- than that a request of the last days, were it caught and sent again, is judged by its session and its act alone.
CREATE UNLOGGED TABLE kernel.used_once (session uuid NOT NULL, number uuid NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (session, number));
CREATE INDEX used_once_at ON kernel.used_once (at);
