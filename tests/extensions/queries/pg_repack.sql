-- The client rebuilds a table that is mostly holes.
CREATE TABLE public.tried_repack AS SELECT n AS id, repeat('x', 500) AS note FROM generate_series(1, 5000) n;
ALTER TABLE public.tried_repack ADD PRIMARY KEY (id);
DELETE FROM public.tried_repack WHERE id % 10 <> 0;
SELECT pg_relation_size('public.tried_repack') AS before \gset
\setenv PGDATABASE :DBNAME
\setenv PGUSER :USER
\setenv PGHOST :HOST
\setenv PGPORT :PORT
\! pg_repack --no-order --table=public.tried_repack 2>&1
SELECT pg_relation_size('public.tried_repack') < :before / 5, count(*) FROM public.tried_repack;
DROP TABLE public.tried_repack;
