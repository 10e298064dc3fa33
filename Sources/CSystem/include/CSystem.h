// What Swift does not tell of the system.
#ifndef CSYSTEM_H
#define CSYSTEM_H

#include <stdint.h>

// The program's arguments, its name first: also where /proc is not mounted, as in an empty root
// folder. Swift reads them there and has none without. 0 where the C library does not tell.
int32_t csys_argument_count(void);

// One of them; NULL if there are not as many.
const char *csys_argument(int32_t index);

#endif
