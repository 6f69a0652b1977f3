/* Versions and places that both programs, the rules and the images agree on: the one place in C.
 * stdlib/postgresql.azr declares the server's for rules, and tests/rows.sh compares the two. */
#ifndef AZA_VERSION_H
#define AZA_VERSION_H

#define AZA_VERSION "0.1.0"

/* The server that this release is for: its version, where Debian's packages install each version,
 * and where the official image keeps its data. */
#define AZA_POSTGRES_MAJOR   "18"
#define AZA_POSTGRES_SERVERS "/usr/lib/postgresql"
#define AZA_POSTGRES_SERVER  AZA_POSTGRES_SERVERS "/" AZA_POSTGRES_MAJOR
#define AZA_POSTGRES_HOME    "/var/lib/postgresql"
#define AZA_POSTGRES_DATA    AZA_POSTGRES_HOME "/" AZA_POSTGRES_MAJOR "/docker"

#endif
