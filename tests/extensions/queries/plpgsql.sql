-- A loop in the language itself.
CREATE FUNCTION pg_temp.steps(n bigint) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    taken int := 0;
BEGIN
    WHILE n <> 1 LOOP
        n := CASE WHEN n % 2 = 0 THEN n / 2 ELSE 3 * n + 1 END;
        taken := taken + 1;
    END LOOP;
    RETURN taken;
END
$$;
SELECT pg_temp.steps(27);
