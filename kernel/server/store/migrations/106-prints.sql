-- What was printed: of which record in which version, with which template as it stood in which release, by whom; the hash of what stood on the paper. `code_hash`: of the code by which a stranger
-- proves the paper; `shown`: what he is told then, as it was printed, never of protected fields. Append-only: a paper that is out stays out.
CREATE TABLE kernel.print (
  id uuid PRIMARY KEY, at timestamptz NOT NULL, number text NOT NULL, resource text NOT NULL, record uuid NOT NULL, version integer NOT NULL, template text NOT NULL,
  template_label text NOT NULL, release integer NOT NULL, person uuid, content_hash bytea NOT NULL, code_hash bytea UNIQUE, shown jsonb NOT NULL DEFAULT '[]');
CREATE INDEX print_record ON kernel.print (record, at);
CREATE INDEX print_number ON kernel.print (number);
