-- What a slot reads is JSON.
CREATE TABLE public.tried_wal2json (id int PRIMARY KEY, note text);
SELECT slot_name FROM pg_create_logical_replication_slot('tried', 'wal2json', true);
INSERT INTO public.tried_wal2json VALUES (1, 'one');
SELECT data FROM pg_logical_slot_get_changes('tried', NULL, NULL, 'format-version', '2', 'add-tables', 'public.tried_wal2json', 'include-transaction', 'false');
DROP TABLE public.tried_wal2json;
SELECT pg_drop_replication_slot('tried') \g /dev/null
