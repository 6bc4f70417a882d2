-- The order in which choices were drawn is part of a design: jsonb would give them back in its own.
ALTER TABLE kernel.design ALTER COLUMN draft TYPE json USING draft::json;
ALTER TABLE kernel.design_version ALTER COLUMN content TYPE json USING content::json;
ALTER TABLE kernel.publishing ALTER COLUMN items TYPE json USING items::json;
ALTER TABLE kernel.trial ALTER COLUMN items TYPE json USING items::json;
ALTER TABLE kernel.library_file ALTER COLUMN file TYPE json USING file::json;
