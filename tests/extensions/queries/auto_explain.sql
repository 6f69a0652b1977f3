-- A plan that the server logs, and one that the client hears.
SET auto_explain.log_min_duration = 0;
SELECT 1 AS kept_in_the_log;
SET auto_explain.log_analyze = off;
SET auto_explain.log_level = notice;
SELECT 1 AS heard;
RESET auto_explain.log_min_duration;
