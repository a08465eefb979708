/* Code that is made at run time: written, then executed, changed, and executed again, in every way a JIT does it. */
#include "maps.h"
#include "show.h"

typedef int (*fn)(void);

/* mov $n,%eax; ret */
static void emit(char *p, int n)
{
	p[0] = (char)0xb8;
	memcpy(p + 1, &n, 4);
	p[5] = (char)0xc3;
}

int main(void)
{
	char *a = map_at(hole(4), 2, PROT_READ | PROT_WRITE | PROT_EXEC, ANON), *b;
	int fd = (int)syscall(SYS_memfd_create, "jit", 0), bad = 0;

	emit(a, 1);
	SHOW(((fn)a)());
	emit(a, 2);
	SHOW(((fn)a)());
	for (int i = 0; i < 1000; i++) {
		emit(a + P - 3, i); /* across two pages */
		bad += ((fn)(a + P - 3))() != i;
	}
	SHOW(bad);
	/* Write xor execute. */
	a = map_at(hole(4), 1, RW, ANON);
	for (int i = 0; i < 100; i++) {
		mprotect(a, P, RW);
		emit(a, i);
		mprotect(a, P, PROT_READ | PROT_EXEC);
		bad += ((fn)a)() != i;
	}
	SHOW(bad);
	/* Two views of one memory. */
	ftruncate(fd, P);
	a = mmap(NULL, P, RW, MAP_SHARED, fd, 0);
	b = mmap(NULL, P, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
	for (int i = 0; i < 1000; i++) {
		emit(a + i % 64, i);
		bad += ((fn)(b + i % 64))() != i;
	}
	SHOW(bad);
	/* A system call in it, from the same place with another number. */
	a = map_at(hole(4), 1, PROT_READ | PROT_WRITE | PROT_EXEC, ANON);
	for (int i = 0; i < 50; i++) {
		int nr = i & 1 ? SYS_getpid : SYS_getppid;

		memcpy(a, "\xb8\0\0\0\0\x0f\x05\xc3", 8);
		memcpy(a + 1, &nr, 4);
		bad += ((fn)a)() != (i & 1 ? getpid() : getppid());
	}
	SHOW(bad);
	/* By a system call, into memory that has run. */
	emit(a, 5);
	SHOW(((fn)a)());
	lseek(fd, 0, SEEK_SET);
	b = map_at(hole(1), 1, RW, ANON);
	emit(b, 77);
	SHOW(pwrite(fd, b, 6, 0));
	SHOW(read(fd, a, 6));
	SHOW(((fn)a)());
	return 0;
}
