/* What a fault says: signal, code and address, for loads, stores and jumps into every kind of memory. */
/* musl */
#include <setjmp.h>
#include <signal.h>

#include "maps.h"
#include "show.h"

static sigjmp_buf env;
static siginfo_t got;

static void on_fault(int sig, siginfo_t *si, void *ctx)
{
	(void)sig;
	(void)ctx;
	got = *si;
	siglongjmp(env, 1);
}

static void try(const char *what, char *p, char kind)
{
	volatile char v = 0;

	if (sigsetjmp(env, 1)) {
		/* a machine with protection keys keeps memory that may only be executed from loads by one of them */
		printf("%s %c: signal %d code %d at %ld\n", what, kind, got.si_signo,
			got.si_code == SEGV_PKUERR ? SEGV_ACCERR : got.si_code, (long)((char *)got.si_addr - p));
		return;
	}
	if (kind == 'r')
		v = *(volatile char *)p;
	else if (kind == 'w')
		*(volatile char *)p = v;
	else
		((void (*)(void))p)();
	printf("%s %c: fine\n", what, kind);
}

static void all(const char *what, char *p)
{
	try(what, p, 'r');
	try(what, p, 'w');
	try(what, p, 'x');
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };
	char *h = hole(16), *a;
	int fd = open("f", O_RDWR | O_CREAT | O_TRUNC, 0600);

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	all("nothing", h);
	all("null", NULL);
	try("far", (char *)0x7ffffffff000 - 1, 'r');
	all("none", map_at(h, 1, PROT_NONE, ANON));
	all("read", map_at(h, 1, PROT_READ, ANON));
	try("write only", map_at(h, 1, PROT_WRITE, ANON), 'r');
	try("write only", h, 'w');
	try("exec only", map_at(h, 1, PROT_EXEC, ANON), 'w');
	a = map_at(h, 1, RW, ANON);
	a[0] = (char)0xc3; /* ret */
	all("read and write", a);
	mprotect(a, P, PROT_READ | PROT_EXEC);
	all("read and execute", a);
	mprotect(a, P, PROT_NONE);
	all("none again", a);
	mprotect(a, P, PROT_READ | PROT_WRITE | PROT_EXEC);
	all("everything", a);
	munmap(a, P);
	all("unmapped", a);
	ftruncate(fd, P);
	pwrite(fd, "\xc3", 1, 0);
	a = mmap(h, 2 * P, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
	all("file", a);
	try("behind the file", a + P, 'r');
	try("behind the file", a + P, 'x');
	a = mmap(h, 2 * P, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 0);
	all("private file", a);
	all("behind the private file", a + P);
	/* Across two pages: the address is that of the first byte that faults. */
	a = map_at(h, 1, RW, ANON);
	if (!sigsetjmp(env, 1))
		*(volatile unsigned long *)(a + P - 4) = 1;
	else
		printf("crossing: code %d at %ld\n", got.si_code, (long)((char *)got.si_addr - a) & -(long)P);
	return 0;
}
