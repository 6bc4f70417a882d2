-- What a key is for, and from when it seals: a new one is made known to every process before any of them uses it.
ALTER TABLE kernel.data_key ADD purpose text NOT NULL DEFAULT 'data' CHECK (purpose IN ('data', 'index')), ADD active_from timestamptz;
UPDATE kernel.data_key SET active_from = created_at;
ALTER TABLE kernel.data_key ALTER active_from SET NOT NULL, ALTER purpose DROP DEFAULT;
CREATE UNIQUE INDEX data_key_index ON kernel.data_key (purpose) WHERE purpose = 'index';
