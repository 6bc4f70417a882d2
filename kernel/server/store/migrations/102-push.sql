-- The hospital's key by which browsers know who sends (RFC 8292): made once, the private half sealed.
CREATE TABLE kernel.push_key (id boolean PRIMARY KEY DEFAULT true CHECK (id), public text NOT NULL, private bytea NOT NULL, made_at timestamptz NOT NULL);
-- Browsers that are told while no page is open. `mark`: blind index of the address, so that one browser stands here once; `way`: address and keys, sealed.
CREATE TABLE kernel.push_device (
  id uuid PRIMARY KEY, person uuid NOT NULL, device text NOT NULL, mark bytea NOT NULL UNIQUE, way bytea NOT NULL, at timestamptz NOT NULL);
CREATE INDEX push_device_person ON kernel.push_device (person, at);
-- One message by one way, and there to each device.
ALTER TABLE kernel.delivery ADD COLUMN device uuid, DROP CONSTRAINT delivery_message_channel_key, ADD UNIQUE NULLS NOT DISTINCT (message, channel, device);
-- What a hospital has set names every way.
UPDATE kernel.setting SET value = (
    SELECT jsonb_object_agg(kind, jsonb_build_object('push', CASE WHEN kind IN ('copy', 'other') THEN 'offered' ELSE 'on' END) || ways) FROM jsonb_each(value) AS k(kind, ways))
  WHERE name = 'messageUses';
UPDATE kernel.setting SET value = '{"push": {"title": "{title}", "text": ""}}'::jsonb || value WHERE name = 'messageTemplates';
