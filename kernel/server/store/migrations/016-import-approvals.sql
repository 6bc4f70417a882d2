-- An import that is decided on as a whole: the approval over the batch. Its request bears the batch's id.
ALTER TABLE kernel.import_batch ADD COLUMN approval uuid;
CREATE INDEX flow_instance_request ON kernel.flow_instance (request) WHERE request IS NOT NULL;
