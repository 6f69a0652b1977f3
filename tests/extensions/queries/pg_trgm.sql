-- A word that is misspelt is found, through an index.
CREATE TEMP TABLE words AS SELECT unnest('{postgres,mysql,oracle,progress,poster,posture,database}'::text[]) AS word;
INSERT INTO words SELECT md5(n::text) FROM generate_series(1, 3000) n;
CREATE INDEX words_index ON words USING gin (word gin_trgm_ops);
ANALYZE words;
SET enable_seqscan = off;
EXPLAIN (COSTS off) SELECT word FROM words WHERE word % 'postgers';
SELECT word FROM words WHERE word % 'postgers' ORDER BY similarity(word, 'postgers') DESC LIMIT 1;
