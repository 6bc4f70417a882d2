-- What was filled in for a campaign, by line; `act` names the sending, so that one sent again is none more.
CREATE TABLE kernel.campaign_record (
  line uuid NOT NULL, record uuid NOT NULL, resource text NOT NULL, act uuid NOT NULL, person uuid NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (line, record));
CREATE INDEX campaign_record_record ON kernel.campaign_record (record);
