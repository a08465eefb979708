/* Host calls without libc: for code that has none, and for a child that shares its parent's memory, libc's errno with it. */
#ifndef UMK_UM_RAWCALL_H
#define UMK_UM_RAWCALL_H

/* The result, or -errno. */
static inline long raw_call(long nr, long a1, long a2, long a3, long a4, long a5, long a6)
{
	register long r10 __asm__("r10") = a4;
	register long r8 __asm__("r8") = a5;
	register long r9 __asm__("r9") = a6;
	long ret;

	__asm__ volatile("syscall" : "=a"(ret) : "a"(nr), "D"(a1), "S"(a2), "d"(a3), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}
#define RAW(nr, a, b, c) raw_call(nr, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define RAW4(nr, a, b, c, d) raw_call(nr, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)

#endif
