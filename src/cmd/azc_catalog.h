/* azc catalog: settings catalogues. */
#ifndef AZA_CMD_AZC_CATALOG_H
#define AZA_CMD_AZC_CATALOG_H

/* The verb with its own words, argv[0] being "catalog"; the exit status. */
int azc_catalog(int argc, char **argv);

#endif
