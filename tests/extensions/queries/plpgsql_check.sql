-- A column that there is not, found without running the function.
CREATE TEMP TABLE things (id int);
CREATE FUNCTION pg_temp.wrong() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT colour FROM pg_temp.things);
END
$$;
SELECT lineno, sqlstate, message FROM plpgsql_check_function_tb('pg_temp.wrong()');
