/* The version of both programs. */
#ifndef AZA_VERSION_H
#define AZA_VERSION_H

#define AZA_VERSION "0.1.0"

#endif
