/* arch_prctl: segment bases read and set, in a child and after fork; what it refuses. */
#include <asm/prctl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

static uint64_t word = 0x1122334455667788ull;

static long ap(int option, unsigned long addr) { return syscall(SYS_arch_prctl, option, addr); }

static uint64_t at_gs(void)
{
	uint64_t v;

	__asm__ volatile("movq %%gs:0, %0" : "=r"(v));
	return v;
}

int main(void)
{
	unsigned long fs = 0, gs = 1, again = 0;
	int status;

	SHOW(ap(ARCH_GET_FS, (unsigned long)&fs));
	SHOW(fs != 0);
	SHOW(ap(ARCH_SET_FS, fs));
	SHOW(ap(ARCH_GET_FS, (unsigned long)&again));
	SHOW(again == fs);
	SHOW(ap(ARCH_GET_GS, (unsigned long)&gs));
	SHOW(gs);
	SHOW(ap(ARCH_SET_GS, (unsigned long)&word));
	SHOW(at_gs() == word);
	SHOW(ap(ARCH_GET_GS, (unsigned long)&gs));
	SHOW(gs == (unsigned long)&word);
	if (!fork()) {
		ap(ARCH_GET_GS, (unsigned long)&gs);
		SHOW(gs == (unsigned long)&word);
		SHOW(at_gs() == word);
		SHOW(ap(ARCH_SET_GS, 0));
		_exit(0);
	}
	wait(&status);
	SHOW(at_gs() == word);
	SHOW(ap(ARCH_SET_GS, 0));
	SHOW(ap(ARCH_SET_FS, 1ul << 47));
	SHOW(ap(ARCH_SET_GS, ~0ul));
	SHOW(ap(ARCH_SET_GS, 1ul << 63));
	SHOW(ap(ARCH_GET_FS, 16));
	SHOW(ap(ARCH_GET_GS, 16));
	SHOW(ap(ARCH_GET_CPUID, 0));
	SHOW(ap(0x9999, 0));
	SHOW(ap(0x1023, 100)); /* ARCH_REQ_XCOMP_PERM */
	SHOW(ap(0x1023, 3));
	SHOW(ap(0x1021, 16));
	gs = 0;
	SHOW(ap(0x1021, (unsigned long)&gs));
	SHOW(gs & 3);
	return 0;
}
