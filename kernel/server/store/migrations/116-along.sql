-- What goes back together with the pieces of a release: flows and reminders, which have tables of their own. `[{kind, name, to}]`, `to` a version or 'program'.
ALTER TABLE kernel.publishing ADD COLUMN along jsonb NOT NULL DEFAULT '[]';
