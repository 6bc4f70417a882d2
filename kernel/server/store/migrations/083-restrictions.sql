-- Records that may be kept but not used: they lie in the bin, and nobody takes them out or destroys them while this stands.
CREATE TABLE kernel.restriction (record uuid PRIMARY KEY, resource text NOT NULL, request uuid NOT NULL, at timestamptz NOT NULL);
