-- One line that the server logs, and one that the client hears.
SET client_min_messages = warning;
CREATE SCHEMA tried;
SET pgaudit.log = 'ddl,role';
CREATE TABLE tried.kept_in_the_log ();
SET pgaudit.log_level = notice;
SET pgaudit.log_client = on;
SET client_min_messages = notice;
CREATE TABLE tried.heard ();
SET client_min_messages = warning;
RESET pgaudit.log;
DROP SCHEMA tried CASCADE;
