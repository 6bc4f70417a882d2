-- Files that a request for a change names: what it asks for is sealed, and whoever decides on it has to see them.
CREATE TABLE kernel.change_file (file uuid NOT NULL, request uuid NOT NULL REFERENCES kernel.change_request ON DELETE CASCADE, PRIMARY KEY (file, request));
