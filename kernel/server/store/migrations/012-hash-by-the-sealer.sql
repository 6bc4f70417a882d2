-- The hash of an entry is made when it is sealed: a generated column followed every alteration, so that it proved nothing before the seal,
-- and its expression, parsed anew in every statement, cost more than the rest of a write.
ALTER TABLE kernel.history DROP COLUMN hash;
ALTER TABLE kernel.audit_entry DROP COLUMN hash;
