-- Written by azc from rules/extensions/sql.azr; do not edit.
--
-- Creates the image's extensions in the first start's database, and in the application's.
\ir /etc/aza/extensions.sql
SELECT '' AS application \gset
\getenv application POSTGRES_APP
SELECT EXISTS (SELECT FROM pg_catalog.pg_database
    WHERE datname = :'application' AND datname <> pg_catalog.current_database()) AS there \gset
\if :there
\connect :"application"
\ir /etc/aza/extensions.sql
\endif
