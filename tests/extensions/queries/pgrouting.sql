-- The shortest way through four streets.
CREATE TEMP TABLE streets (id int, source int, target int, cost float8);
INSERT INTO streets VALUES (1, 1, 2, 1), (2, 2, 3, 1), (3, 1, 3, 5), (4, 3, 4, 1);
SELECT node, edge, agg_cost FROM pgr_dijkstra('SELECT id, source, target, cost FROM streets', 1, 4, directed => false) ORDER BY seq;
