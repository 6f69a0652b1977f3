/* Versions and places that both programs, the rules and the images agree on. */
#ifndef AZA_VERSION_H
#define AZA_VERSION_H

#define AZA_VERSION "0.1.0"

/* The server that this release is for, and where the official image keeps its data. */
#define AZA_POSTGRES_MAJOR "18"
#define AZA_POSTGRES_HOME  "/var/lib/postgresql"
#define AZA_POSTGRES_DATA  AZA_POSTGRES_HOME "/" AZA_POSTGRES_MAJOR "/docker"

#endif
