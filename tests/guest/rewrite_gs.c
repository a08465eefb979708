// A guest that uses %gs keeps it across calls, whichever way it was set, and calls go on working.
#include <asm/prctl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

static uint64_t block[4] = { 111, 222, 333, 444 };

static long site_getppid_like(void)
{
	long r;

	__asm__ volatile("mov $39,%%eax\n\tsyscall" : "=a"(r) : : "rcx", "r11", "memory");
	return r;
}

static uint64_t gs_word(void)
{
	uint64_t v;

	__asm__ volatile("mov %%gs:8,%0" : "=r"(v));
	return v;
}

int main(void)
{
	long pid = getpid();
	unsigned long base = 1;
	int bad = 0;

	for (int i = 0; i < 10; i++)
		bad += site_getppid_like() != pid;
	syscall(SYS_arch_prctl, ARCH_GET_GS, &base);
	printf("at start: %lx\n", base);
	printf("set: %ld\n", syscall(SYS_arch_prctl, ARCH_SET_GS, block));
	for (int i = 0; i < 100; i++) {
		bad += site_getppid_like() != pid;
		bad += gs_word() != 222;
	}
	syscall(SYS_arch_prctl, ARCH_GET_GS, &base);
	printf("same: %d\n", base == (unsigned long)block);
	if (getauxval(AT_HWCAP2) & 2) { /* FSGSBASE */
		__asm__ volatile("wrgsbase %0" : : "r"(block + 1));
		for (int i = 0; i < 100; i++) {
			bad += site_getppid_like() != pid;
			bad += gs_word() != 333;
		}
		__asm__ volatile("rdgsbase %0" : "=r"(base));
		bad += base != (unsigned long)(block + 1);
		syscall(SYS_arch_prctl, ARCH_GET_GS, &base);
		bad += base != (unsigned long)(block + 1);
	}
	printf("set to 0: %ld\n", syscall(SYS_arch_prctl, ARCH_SET_GS, 0));
	for (int i = 0; i < 10; i++)
		bad += site_getppid_like() != pid;
	printf("beyond the end: %d\n", (int)syscall(SYS_arch_prctl, ARCH_SET_GS, 0xffff800000000000ul));
	printf("bad: %d\n", bad);
	return 0;
}
