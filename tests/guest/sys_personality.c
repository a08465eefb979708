/* personality: what it answers, what forks, threads and execve keep, READ_IMPLIES_EXEC, and how set-user-ID ends it. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include "show.h"

static unsigned long now(void) { return (unsigned long)syscall(SYS_personality, 0xffffffff); }

static void *thread(void *arg)
{
	(void)arg;
	printf("a thread: %#lx\n", now());
	syscall(SYS_personality, ADDR_COMPAT_LAYOUT);
	printf("and now: %#lx\n", now());
	return NULL;
}

/* Permissions of the mapping at @p. */
static void show_prot(void *p)
{
	char line[256], want[32];
	FILE *f = fopen("/proc/self/maps", "r");

	snprintf(want, sizeof(want), "%lx-", (unsigned long)p);
	while (fgets(line, sizeof(line), f))
		if (!strncmp(line, want, strlen(want)))
			printf(" %.4s\n", strchr(line, ' ') + 1);
	fclose(f);
}

int main(int argc, char **argv)
{
	struct utsname u;
	pthread_t t;
	void *p;

	(void)argv;
	if (argc > 1) {
		uname(&u);
		printf("after execve: %#lx, %s\n", now(), u.machine);
		return 0;
	}
	printf("%#lx\n", now());
	printf("old %#lx\n", (unsigned long)syscall(SYS_personality, PER_LINUX32 | ADDR_NO_RANDOMIZE));
	uname(&u);
	printf("%#lx, %s\n", now(), u.machine);
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	printf("main: %#lx\n", now());
	fflush(stdout);
	if (!fork()) {
		printf("a child: %#lx\n", now());
		fflush(stdout);
		execl("/proc/self/exe", "x", "again", NULL);
	}
	wait(NULL);
	syscall(SYS_personality, PER_LINUX | READ_IMPLIES_EXEC);
	p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	show_prot(p);
	p = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	show_prot(p);
	mprotect(p, 4096, PROT_READ | PROT_WRITE);
	show_prot(p);
	syscall(SYS_personality, PER_LINUX);
	p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	show_prot(p);
	/* any bits are taken */
	SHOW(syscall(SYS_personality, 0x12345678));
	printf("%#lx\n", now());
	SHOW(syscall(SYS_personality, 0));
	return 0;
}
