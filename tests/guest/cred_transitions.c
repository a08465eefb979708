/* Every setreuid, setresuid, setuid and their group kin that an ordinary process with three different ids can try, and where
 * each leads. */
// needs-root: it becomes somebody else
/* musl */
#include <stdlib.h>
#include <sys/wait.h>
#include "show.h"

enum { R = 101, E = 102, S = 103, X = 104 };
static const int ids[] = { -1, R, E, S, X };

static char text[64];

static const char *now(int group)
{
	unsigned r, e, s, fs;

	if (group) {
		syscall(SYS_getresgid, &r, &e, &s);
		fs = (unsigned)syscall(SYS_setfsgid, -1);
	} else {
		syscall(SYS_getresuid, &r, &e, &s);
		fs = (unsigned)syscall(SYS_setfsuid, -1);
	}
	snprintf(text, sizeof(text), "%u %u %u, fs %u", r, e, s, fs);
	return text;
}

/* Where a call leads; the child begins anew each time. One line for all of them that end alike would hide too much. */
static void try(const char *name, long nr, int group, int a, int b, int c)
{
	fflush(stdout);
	if (!fork()) {
		long r;

		syscall(SYS_setresgid, R, E, S);
		syscall(SYS_setresuid, R, E, S);
		errno = 0;
		r = syscall(nr, a, b, c);
		printf("%s %d %d %d: %s: %s\n", name, a, b, c, r < 0 ? errno_name(errno) : "ok", now(group));
		fflush(stdout);
		_exit(0);
	}
	wait(NULL);
}

int main(void)
{
	for (int i = 0; i < 5; i++) {
		try("setuid", SYS_setuid, 0, ids[i], 0, 0);
		try("setgid", SYS_setgid, 1, ids[i], 0, 0);
	}
	for (int i = 0; i < 5; i++)
		for (int j = 0; j < 5; j++) {
			try("setreuid", SYS_setreuid, 0, ids[i], ids[j], 0);
			try("setregid", SYS_setregid, 1, ids[i], ids[j], 0);
		}
	for (int i = 0; i < 5; i += 2)
		for (int j = 0; j < 5; j++) {
			try("setresuid", SYS_setresuid, 0, ids[i], ids[j], ids[(i + j) % 5]);
			try("setresgid", SYS_setresgid, 1, ids[i], ids[j], ids[(i + j) % 5]);
		}
	for (int i = 1; i < 5; i++) {
		try("setfsuid", SYS_setfsuid, 0, ids[i], 0, 0);
		try("setfsgid", SYS_setfsgid, 1, ids[i], 0, 0);
	}
	return 0;
}
