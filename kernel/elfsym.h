/* Names of functions in ELF files. (kernel/elfsym.c) */
#ifndef UMK_KERNEL_ELFSYM_H
#define UMK_KERNEL_ELFSYM_H

#include "types.h"

#define PATH_SHOWN 4096

struct file;
/* The function whose code is at @pos in the file: its name (NUL-ended, cut to @size) and how far into it *@off is. False: not
 * known. May sleep. */
bool elf_symbol(struct file *f, u64 pos, char *name, size_t size, u64 *off);
/* Where a section that is loaded lies, counted from the address of the file's first byte, and its size. May sleep. */
bool elf_section(struct file *f, const char *name, u64 *addr, u64 *size);

#endif
