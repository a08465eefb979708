/* What the tests exercised (kernel/coverage.c). */
#ifndef UMK_COVERAGE_H
#define UMK_COVERAGE_H

#include "types.h"

extern bool coverage_on;
void coverage_init(void); /* at start */
void coverage_count(unsigned long nr, long result);

#endif
