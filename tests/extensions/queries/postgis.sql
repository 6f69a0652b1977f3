-- Kilometres from Berlin to Paris, and what lies nearest, by an index.
SELECT round(ST_Distance('POINT(13.405 52.52)'::geography, 'POINT(2.352 48.857)'::geography) / 1000);
CREATE TEMP TABLE places AS SELECT n AS id, ST_SetSRID(ST_MakePoint(n % 100, n / 100), 3857) AS at FROM generate_series(0, 9999) n;
CREATE INDEX places_index ON places USING gist (at);
ANALYZE places;
SELECT id FROM places ORDER BY at <-> ST_SetSRID(ST_MakePoint(42.2, 17.1), 3857) LIMIT 1;
SELECT count(*) FROM places WHERE ST_DWithin(at, ST_SetSRID(ST_MakePoint(50, 50), 3857), 2);
SELECT ST_AsText(ST_Transform(ST_SetSRID(ST_MakePoint(0, 0), 4326), 3857));
