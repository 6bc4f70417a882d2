-- The approval by which a line's answer was asked to be written back.
CREATE TABLE kernel.campaign_request (line uuid PRIMARY KEY, instance uuid NOT NULL);
CREATE INDEX campaign_request_instance ON kernel.campaign_request (instance);
