-- A superuser becomes somebody else and returns, and says so in the log.
CREATE ROLE tried_user;
SELECT set_user('tried_user');
SELECT current_user;
SELECT reset_user();
SELECT current_user = session_user;
DROP ROLE tried_user;
