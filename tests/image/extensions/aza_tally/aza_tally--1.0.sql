CREATE TABLE tallies (name text PRIMARY KEY, marks int NOT NULL);

-- One more of that name: how many there are now.
CREATE FUNCTION tally(name text) RETURNS int
LANGUAGE sql STRICT AS $$
    INSERT INTO tallies VALUES ($1, 0)
    ON CONFLICT (name) DO UPDATE SET marks = tallies.marks + 1
    RETURNING marks
$$;
