-- The definitions of a form in the library, as they were offered: `offerer` is the program that did (null: this hospital), `piece` the definition by which its versions belong together.
CREATE TABLE kernel.library_file (
  form uuid PRIMARY KEY, offerer uuid, piece text NOT NULL, file jsonb NOT NULL, at timestamptz NOT NULL);
CREATE INDEX library_file_versions ON kernel.library_file (piece, offerer);
CREATE INDEX library_file_offers ON kernel.library_file (offerer, at);
-- The library that this installation asks: one, or none. `secret` is sealed.
CREATE TABLE kernel.library_connection (
  one boolean PRIMARY KEY DEFAULT true CHECK (one), url text NOT NULL, key text NOT NULL, secret bytea NOT NULL, at timestamptz NOT NULL, by uuid);
