// The arguments of the program.
#ifndef CARGUMENTS_H
#define CARGUMENTS_H

#include <stdint.h>

// The program's arguments, its name first: also where /proc is not mounted, as in an empty root
// folder. Swift reads them there and has none without. 0 where the C library does not tell.
int32_t blz_argument_count(void);

// One of them; NULL if there are not as many.
const char *blz_argument(int32_t index);

#endif
