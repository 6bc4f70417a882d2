-- What the roles gave, each time that the program came with other grants: rights are declared, so nothing else changes them. Only added to;
-- as text in its order, for nothing asks into it.
CREATE TABLE kernel.rights_version (number integer PRIMARY KEY, at timestamptz NOT NULL, program text NOT NULL, hash text NOT NULL, rights json NOT NULL);
