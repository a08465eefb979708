/* MAP_GROWSDOWN: grows by faults below it, keeps a gap to what is under it, obeys RLIMIT_STACK; PROT_GROWSDOWN. */
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>

#include "maps.h"
#include "show.h"

static sigjmp_buf env;
static siginfo_t got;

static void on_fault(int sig, siginfo_t *si, void *ctx)
{
	(void)ctx;
	(void)sig;
	got = *si;
	siglongjmp(env, 1);
}

static const char *touch(char *p)
{
	if (sigsetjmp(env, 1))
		return got.si_signo == SIGBUS ? "bus" : got.si_code == SEGV_MAPERR ? "maperr" : "accerr";
	*(volatile char *)p = 1;
	return "ok";
}

int main(void)
{
	struct sigaction sa = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	struct rlimit r;
	char *h = hole(2048), *a;

	sigaction(SIGSEGV, &sa, NULL);
	sigaction(SIGBUS, &sa, NULL);
	a = map_at(h + 1024 * P, 2, RW, ANON | MAP_GROWSDOWN);
	show_maps("new", h, 2048);
	printf("%s\n", touch(a - 1));
	show_maps("one down", h, 2048);
	printf("%s\n", touch(a - 100 * P));
	show_maps("a hundred down", h, 2048);
	printf("above: %s\n", touch(a + 2 * P));
	/* Something below keeps it 256 pages away. */
	map_at(h + 600 * P, 1, PROT_READ, ANON);
	printf("gap: %s\n", touch(h + 856 * P));
	printf("gap: %s\n", touch(h + 857 * P));
	show_maps("to the gap", h, 2048);
	printf("too near: %s\n", touch(h + 800 * P));
	printf("just above what is there: %s\n", touch(h + 601 * P));
	/* An area that nobody can touch does not count. */
	mprotect(h + 600 * P, P, PROT_NONE);
	printf("no access below: %s\n", touch(h + 700 * P));
	show_maps("through the gap", h, 2048);
	/* mmap stays out of the gap, unless told exactly where. */
	munmap(h, 2048 * P);
	a = map_at(h + 1024 * P, 2, RW, ANON | MAP_GROWSDOWN);
	SHOW(mmap(h + 1000 * P, P, RW, ANON, -1, 0) == h + 1000 * P);
	SHOW(mmap(h + 1000 * P, P, RW, ANON | MAP_FIXED, -1, 0) == h + 1000 * P);
	munmap(h, 2048 * P);
	/* The limit. */
	getrlimit(RLIMIT_STACK, &r);
	r.rlim_cur = 64 * P;
	setrlimit(RLIMIT_STACK, &r);
	a = map_at(h + 1024 * P, 2, RW, ANON | MAP_GROWSDOWN);
	printf("within: %s\n", touch(a - 62 * P));
	printf("beyond: %s\n", touch(a - 63 * P));
	show_maps("limited", h, 2048);
	/* PROT_GROWSDOWN changes it down to its start. */
	SHOW(mprotect(a, P, PROT_READ | PROT_GROWSDOWN));
	show_maps("growsdown", h, 2048);
	printf("read-only: %s\n", touch(a - 10 * P));
	SHOW(mprotect(a + P, P, RW | PROT_GROWSDOWN));
	show_maps("growsdown", h, 2048);
	SHOW(mprotect(a, P, PROT_READ | PROT_GROWSUP));
	SHOW(mprotect(a, P, PROT_READ | PROT_GROWSUP | PROT_GROWSDOWN));
	a = map_at(hole(4), 4, RW, ANON);
	SHOW(mprotect(a, P, PROT_READ | PROT_GROWSDOWN));
	SHOW(mprotect(a - 4 * P, P, PROT_READ | PROT_GROWSDOWN));
	return 0;
}
