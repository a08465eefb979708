/* uname and the names that root may set, for everybody; UNAME26 and PER_LINUX32. */
// needs-root: sethostname
#include <sched.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include "show.h"

static void show_names(void)
{
	struct utsname u;
	char text[128];
	FILE *f = fopen("/proc/sys/kernel/hostname", "r");

	uname(&u);
	printf(" node '%s', domain '%s'", u.nodename, u.domainname);
	fgets(text, sizeof(text), f);
	printf(", /proc %s", text);
	fclose(f);
}

int main(void)
{
	struct utsname u;
	char longest[66];

	(void)unshare(CLONE_NEWUTS); /* not to rename the host; umk's names are its own */
	memset(longest, 'n', sizeof(longest));
	SHOW(sethostname("first", 5));
	SHOW(setdomainname("domain.example", 6));
	show_names();
	SHOW(sethostname(longest, 64));
	show_names();
	SHOW(sethostname(longest, 65));
	SHOW(sethostname(longest, -1));
	SHOW(setdomainname(longest, 65));
	SHOW(syscall(SYS_sethostname, BAD_PTR, 5));
	SHOW(syscall(SYS_setdomainname, BAD_PTR, 5));
	if (!fork()) {
		SHOW(sethostname("child", 5));
		_exit(0);
	}
	wait(NULL);
	show_names();
	SHOW(syscall(SYS_sethostname, NULL, 0));
	personality(PER_LINUX32);
	uname(&u);
	printf("%s\n", u.machine);
	personality(UNAME26);
	uname(&u);
	printf("%.4s\n", u.release);
	setresuid(1000, 1000, 1000);
	SHOW(sethostname("no", 2));
	SHOW(sethostname(longest, 65));
	SHOW(setdomainname("no", 2));
	return 0;
}
