/* Jumps to the stub's syscall instruction with every number and hostile arguments, each in a process of its own. The host
 * must not be reached: the script looks at the canary files and at the host's processes. Argument: how many sets of
 * arguments, if not all. */
#include "attack.h"

static char path[] = "canary", other[] = "canary2";

static const unsigned long arguments[][6] = {
	{ 0, 0, 0, 0, 0, 0 },
	{ (unsigned long)path, (unsigned long)other, 0644, (unsigned long)path, 0, 0 },
	{ (unsigned long)-100, (unsigned long)path, 0x42, 0644, (unsigned long)other, 0 },
	{ (unsigned long)path, 0x42, 0644, 0, 0, 0 },
	{ (unsigned long)-1, (unsigned long)-1, (unsigned long)-1, (unsigned long)-1, (unsigned long)-1, (unsigned long)-1 },
	{ 3, (unsigned long)path, 6, 0, 0, 0 },
	{ 4, (unsigned long)path, 6, 0, 0, 0 },
	{ 5, (unsigned long)path, 8, 0, 0, 0 },
	{ STUB_BASE, 0x1000, 7, 0x11, 3, 0 },
	{ STUB_BASE - 0x1000, 0x90000, 7, 0x11, 3, 0 },
	{ 0x1b00, 0, 0, 0, 0, 0 },
	{ 0x11, 0, 0, 0, 0, 0 },
	{ 1, 0, 0, 0, 0, 0 },
};

static void trapped(int sig)
{
	_exit(42);
}

static void one(long nr, const unsigned long *args)
{
	signal(SIGTRAP, trapped);
	stub_call(nr, args);
	_exit(43);
}

int main(int argc, char **argv)
{
	unsigned sets = argc > 1 ? (unsigned)atoi(argv[1]) : sizeof(arguments) / sizeof(arguments[0]);
	unsigned ended = 0, signalled = 0, stuck = 0;

	for (long nr = 0; nr < 470; nr++) {
		for (unsigned i = 0; i < sets; i++) {
			pid_t pid = fork();

			if (pid < 0) {
				perror("fork");
				return 1;
			}
			if (!pid)
				one(nr, arguments[i]);
			int status = reap(pid, 100);

			if (status == -1)
				stuck++;
			else if (WIFSIGNALED(status))
				signalled++;
			else
				ended++;
		}
	}
	fprintf(stderr, "%u ended, %u by a signal\n", ended, signalled);
	check(!stuck, "every caller ended");
	return stuck != 0;
}
