-- One room, two guests, the same night.
CREATE TEMP TABLE stays (room int, nights daterange, EXCLUDE USING gist (room WITH =, nights WITH &&));
INSERT INTO stays VALUES (1, '[2026-03-01,2026-03-05)'), (2, '[2026-03-01,2026-03-05)'), (1, '[2026-03-05,2026-03-06)');
DO $$
BEGIN
    INSERT INTO stays VALUES (1, '[2026-03-04,2026-03-08)');
EXCEPTION WHEN exclusion_violation THEN
    RAISE WARNING '%', SQLERRM;
END
$$;
SELECT count(*) FROM stays;
