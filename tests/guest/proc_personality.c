/* personality, and the shape of uname's fields. */
/* musl */
#include <ctype.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include "show.h"

int main(int argc, char **argv)
{
	char self[4096], *args[] = { "again", "x", NULL }, *envp[] = { NULL };
	struct utsname u;
	int major = 0, minor = 0, status;
	pid_t pid;

	(void)argv;
	if (argc > 1) {
		SHOW(personality(0xffffffff));
		return 0;
	}
	SHOW(personality(0xffffffff));
	SHOW(personality(ADDR_NO_RANDOMIZE));
	SHOW(personality(0xffffffff));
	pid = fork();
	if (!pid) {
		SHOW(personality(0xffffffff));
		self[readlink("/proc/self/exe", self, sizeof(self) - 1)] = 0;
		execve(self, args, envp);
	}
	waitpid(pid, &status, 0);
	SHOW(personality(0x12345600));
	SHOW(personality(0));
	SHOW(personality(0xffffffff));
	SHOW(uname(&u));
	printf("%s %s\n", u.sysname, u.machine);
	SHOW(sscanf(u.release, "%d.%d", &major, &minor));
	SHOW(major >= 4);
	SHOW(u.version[0] == '#' && isdigit(u.version[1]));
	SHOW(u.nodename[0] != 0);
	SHOW(strlen(u.domainname) > 0);
	SHOW(uname(BAD_PTR));
	return 0;
}
