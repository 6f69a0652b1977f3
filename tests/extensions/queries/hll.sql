-- A thousand different numbers among a hundred thousand, within five in a hundred.
SELECT hll_cardinality(hll_add_agg(hll_hash_integer(n % 1000))) BETWEEN 950 AND 1050 FROM generate_series(1, 100000) n;
