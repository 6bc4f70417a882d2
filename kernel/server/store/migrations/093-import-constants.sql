-- What an import sets in every row may be a protected value: it is sealed like the rest of the batch.
ALTER TABLE kernel.import_batch ADD constants bytea;
