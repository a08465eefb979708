/* Uses the descriptors of host files that the stub has: what is mapped through them must never become writable, and nothing else
 * may be done with them. The program's own file is one of them; its bytes are compared at the end. */
#include <fcntl.h>
#include <setjmp.h>
#include <ucontext.h>
#include "attack.h"

#define FIRST_FD 256
#define FDS 256
#define STEP 3 /* of them looked at; the first is taken first */
#define PLACE 0x10000000ul

static sigjmp_buf back;

static void trapped(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	/* the int3 behind the stub's instruction: what that returned is in rax */
	siglongjmp(back, uc->uc_mcontext.gregs[REG_RAX] < 0 ? 2 : 1);
}

/* Does the stub's instruction make the call? A refusal may be the caller's end. */
static int call(long nr, unsigned long a, unsigned long b, unsigned long c, unsigned long d, unsigned long e)
{
	const unsigned long args[6] = { a, b, c, d, e, 0 };
	int how = sigsetjmp(back, 1);

	if (!how)
		stub_call(nr, args);
	return how == 1;
}

static int map_writable(int fd)
{
	return call(SYS_mmap, PLACE, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd);
}

static int map_private(int fd)
{
	return call(SYS_mmap, PLACE, 4096, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd);
}

static int map_readable(int fd)
{
	return call(SYS_mmap, PLACE, 4096, PROT_READ, MAP_SHARED | MAP_FIXED, fd);
}

static int make_writable(int fd)
{
	return map_readable(fd) && call(SYS_mprotect, PLACE, 4096, PROT_READ | PROT_WRITE, 0, 0);
}

static int store(int fd)
{
	return call(SYS_write, fd, STUB_BASE, 8, 0, 0);
}

static int cut(int fd)
{
	return call(SYS_ftruncate, fd, 0, 0, 0, 0);
}

static int ask(int fd)
{
	return call(SYS_dup2, -1, fd, 0, 0, 0);
}

static int copy_physmem(int fd)
{
	return call(SYS_dup2, 3, fd, 0, 0, 0);
}

static int close_bell(int fd)
{
	return call(SYS_close, 5, 0, 0, 0, 0);
}

/* For how many of the descriptors @attempt is made, each time by a process of its own. */
static int successes(int (*attempt)(int fd))
{
	int count = 0;

	for (int fd = FIRST_FD; fd < FIRST_FD + FDS; fd += STEP) {
		pid_t pid = fork();

		if (pid < 0)
			return -1;
		if (!pid)
			_exit(attempt(fd) ? 7 : 0);
		count += WEXITSTATUS(reap(pid, 5000)) == 7;
	}
	return count;
}

static unsigned long sum_of_self(void)
{
	unsigned long sum = 0;
	unsigned char buf[4096];
	int fd = open("/proc/self/exe", O_RDONLY);
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (ssize_t i = 0; i < n; i++)
			sum = sum * 31 + buf[i];
	close(fd);
	return sum;
}

int main(void)
{
	static const struct { int (*attempt)(int fd); const char *what; } attempts[] = {
		{ map_writable, "no store reaches a file" },
		{ make_writable, "nor later" },
		{ map_private, "no memory beyond physmem" },
		{ store, "no write" },
		{ cut, "no truncation" },
		{ ask, "no file for the asking" },
		{ copy_physmem, "no other descriptor" },
		{ close_bell, "the doorbell stays" },
	};
	struct sigaction sa = { .sa_sigaction = trapped, .sa_flags = SA_SIGINFO | SA_NODEFER };
	unsigned long before = sum_of_self();

	sigaction(SIGTRAP, &sa, NULL);
	for (unsigned i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		check(!successes(attempts[i].attempt), attempts[i].what);
	fprintf(stderr, "%d descriptors could be mapped\n", successes(map_readable));
	check(sum_of_self() == before, "the file's bytes");
	return 0;
}
