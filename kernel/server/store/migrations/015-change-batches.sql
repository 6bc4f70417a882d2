-- One change request over many records: each record keeps its own patch, and all name the one that the approval is about. Decided as a whole.
ALTER TABLE kernel.change_request ADD COLUMN batch uuid;
CREATE INDEX change_request_batch ON kernel.change_request (batch) WHERE batch IS NOT NULL;
-- The act that asked: sent again, it gets the same answer.
ALTER TABLE kernel.change_request ADD COLUMN submission uuid;
CREATE INDEX change_request_submission ON kernel.change_request (submission) WHERE submission IS NOT NULL;
