-- To whom a notice was published: those whom it concerned on that day, and when each of them read it.
CREATE TABLE kernel.notice_reader (
  notice uuid NOT NULL, person uuid NOT NULL, unit uuid, watched boolean NOT NULL, published_at timestamptz NOT NULL, read_at timestamptz, PRIMARY KEY (notice, person));
CREATE INDEX notice_reader_person ON kernel.notice_reader (person, published_at DESC, notice);
CREATE INDEX notice_reader_unread ON kernel.notice_reader (person) WHERE read_at IS NULL;
CREATE INDEX notice_reader_read ON kernel.notice_reader (notice, read_at DESC) WHERE read_at IS NOT NULL;
CREATE TABLE kernel.notice_comment (
  id uuid PRIMARY KEY, notice uuid NOT NULL, person uuid NOT NULL, at timestamptz NOT NULL, text text NOT NULL, removed_at timestamptz, removed_by uuid);
CREATE INDEX notice_comment_notice ON kernel.notice_comment (notice, at DESC) WHERE removed_at IS NULL;
-- Ways that whoever told it chose beside those of its kind.
ALTER TABLE kernel.message ADD COLUMN also text[];
