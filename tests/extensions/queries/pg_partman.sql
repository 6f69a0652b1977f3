-- Maintenance makes the partitions that are missing.
SET client_min_messages = warning;
CREATE SCHEMA tried;
CREATE TABLE tried.events (at timestamptz NOT NULL, note text) PARTITION BY RANGE (at);
SELECT partman.create_parent(p_parent_table := 'tried.events', p_control := 'at', p_interval := '1 day', p_premake := 2);
SELECT count(*) AS before FROM pg_inherits WHERE inhparent = 'tried.events'::regclass \gset
UPDATE partman.part_config SET premake = 5 WHERE parent_table = 'tried.events';
INSERT INTO tried.events VALUES (now(), 'today');
SELECT partman.run_maintenance('tried.events');
SELECT count(*) - :before FROM pg_inherits WHERE inhparent = 'tried.events'::regclass;
DELETE FROM partman.part_config WHERE parent_table = 'tried.events';
DROP SCHEMA tried CASCADE;
DROP TABLE IF EXISTS partman.template_tried_events;
