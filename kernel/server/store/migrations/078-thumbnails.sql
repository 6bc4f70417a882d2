-- A picture drawn small by the browser that sent it: shown in lists and forms instead of the whole. It goes with its file.
CREATE TABLE kernel.file_thumbnail (
  file uuid PRIMARY KEY REFERENCES kernel.file (id) ON DELETE CASCADE,
  type text NOT NULL,
  content bytea NOT NULL
);
