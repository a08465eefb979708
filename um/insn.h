/* What an x86-64 instruction does to memory, as far as a trap backend has to guess it (um/insn.c). */
#ifndef UMK_INSN_H
#define UMK_INSN_H

#include <stdbool.h>

#define INSN_SIZE 16 /* more bytes than an instruction has */

/* Is the instruction at @p, of which INSN_SIZE bytes can be read, in 64-bit code one that stores and reads no memory? False
 * where that is not certain. */
bool insn_only_stores(const unsigned char *p);

#endif
