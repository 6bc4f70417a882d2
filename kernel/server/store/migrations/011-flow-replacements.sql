-- One person in place of another in every definition that names him, applied in order over what the program declares.
CREATE TABLE kernel.flow_replacement (
  id uuid PRIMARY KEY, from_person uuid NOT NULL, to_person uuid NOT NULL, reason text NOT NULL, at timestamptz NOT NULL, by uuid NOT NULL,
  ended_at timestamptz, ended_by uuid);
